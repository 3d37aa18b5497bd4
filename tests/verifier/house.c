#include "tests/verifier/house.h"

#include "tests/test.h"

#define DAY(n) FIXTURE_DAY_S(n)

static void
open_so(struct house *o, bool beside_register)
{
	struct err err = { 0 };

	fixture_open(&o->f);
	fixture_issue(&o->f, DAY(1));
	fixture_publish(&o->f, DAY(2));
	if (beside_register)
		fixture_write_lookup(&o->f);
	caller_open(&o->c, &o->f, beside_register, DAY(2) + 60);
	if (!httpd_open(&o->h, "127.0.0.1:0", routes_public, &o->c.service, &err))
		fail_msg("%s", err.text);
}

void
house_open(struct house *o)
{
	open_so(o, false);
}

void
house_open_beside_its_register(struct house *o)
{
	open_so(o, true);
}

void
house_close(struct house *o)
{
	httpd_close(o->h);
	caller_close(&o->c);
	fixture_close(&o->f);
}
