#include "tests/test.h"
#include <stdio.h>
#include <stdlib.h>
#include "tests/verifier/fixture.h"
#include "verifier/verify.h"

int
main(void)
{
	struct fixture f;
	fixture_open(&f);
	struct paper *p = fixture_issue(&f, FIXTURE_DAY_S(1));
	fixture_publish(&f, FIXTURE_DAY_S(2));
	fixture_publish_token(&f, FIXTURE_DAY_S(2));
	fixture_write_lookup(&f);
	struct memory m = {0};
	struct published *pub = NULL;
	struct err err = {0};
	assert_true(published_open(&pub, f.root, f.public_folder, &m, FIXTURE_DAY_S(2)+60, &err));
	struct span in[] = { buf_span(&p->pdf), buf_span(&p->cose), buf_span(&p->code) };
	for (int i = 0; i < 3; i++) {
	struct answer a; struct question q = { .now_s = FIXTURE_DAY_S(2)+60 };
	assert_true(verify(&a, &q, pub, NULL, in[i], &err));
	printf("%s %s\n", verdict_word(a.verdict), finding_word(a.reason));
	for (int k=0;k<PART_COUNT;k++) printf(" %s=%s %s\n", part_word(k), reply_word(a.parts[k].reply), finding_word(a.parts[k].finding));
	}
	published_close(pub);
	system("ls -laR /tmp/qualcert-*");
	fixture_close(&f);
	return 0;
}
