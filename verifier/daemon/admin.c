#include "verifier/daemon/admin.h"

#include "core/rfc3339.h"
#include "verifier/daemon/counters.h"
#include "verifier/daemon/pool.h"
#include "verifier/daemon/upkeep.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

void
admin_livez(struct response *out, const struct service *s, const struct request *q)
{
	(void)s;
	(void)q;
	http_begin(out, 200, "text/plain; charset=utf-8");
	buf_add_text(&out->body, "alive\n");
}

static json_t *
time_json(int64_t t_s)
{
	char text[RFC3339_TEXT_BYTES];
	rfc3339_format(text, t_s);
	return json_string(text);
}

static json_t *
snapshot_json(const struct view *v, int64_t now_s)
{
	const struct snapshot *s = published_snapshot(v->published);

	if (s == NULL)
		return json_null();
	return json_pack("{s:I, s:I, s:o}", "sequence", (json_int_t)s->seq, "age_s",
	    (json_int_t)(now_s - s->iat_s), "good_until",
	    time_json(published_good_until_s(v->published)));
}

static json_t *
bundle_json(const struct view *v)
{
	const struct bundle *b = trust_bundle(published_trust(v->published));

	if (b == NULL)
		return json_null();
	return json_pack("{s:I, s:o, s:b}", "sequence", (json_int_t)b->seq, "expires",
	    time_json(b->exp_s), "test", b->test);
}

/* ---- is it ready ---- */

/* One moment, as /readyz and /metrics show it. */
struct state {
	struct view view;
	enum finding trouble; /* of what is published */
	enum feed_lookup lookup;
	int64_t jumped_s; /* the clock, lately */
	bool ready;
};

static int64_t
steady_ms(void)
{
	struct timespec t = { 0 };
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct state
state_take(const struct service *s, int64_t now_s)
{
	struct state now = { .view = feed_take(s->feed),
		.lookup = feed_lookup(s->feed),
		.jumped_s = upkeep_jumped_s(s->upkeep, steady_ms()) };

	now.trouble = published_trouble(now.view.published, now_s);
	now.ready = now.trouble == FINDING_NONE && now.view.whole && now.jumped_s == 0 &&
	    (now.lookup == FEED_LOOKUP_NONE || now.lookup == FEED_LOOKUP_CURRENT);
	return now;
}

static void
add_reason(json_t *reasons, const char *sentence)
{
	json_array_append_new(reasons, json_string(sentence));
}

static json_t *
reasons_json(const struct state *now)
{
	json_t *reasons = json_array();

	if (now->trouble != FINDING_NONE)
		add_reason(reasons, finding_text(now->trouble, LANG_EN));
	if (!now->view.whole)
		add_reason(reasons, "parts that the snapshot names are missing");
	if (now->lookup == FEED_LOOKUP_MISSING)
		add_reason(reasons, "the register's look-up table cannot be read");
	else if (now->lookup == FEED_LOOKUP_BEHIND)
		add_reason(reasons, "the register's look-up table is older than the snapshot");
	if (now->jumped_s != 0)
		json_array_append_new(reasons,
		    json_sprintf("the clock jumped by %+lld s less than a minute ago",
			(long long)now->jumped_s));
	return reasons;
}

json_t *
admin_reasons(const struct service *s, int64_t now_s)
{
	struct state now = state_take(s, now_s);
	json_t *reasons = reasons_json(&now);

	feed_release(&now.view);
	return reasons;
}

static const char *
clock_word(const struct state *now)
{
	return now->trouble == FINDING_CLOCK_BACK ? "back" : now->jumped_s != 0 ? "jumped" : "even";
}

static json_t *
state_json(const struct state *now, int64_t now_s)
{
	static const char *const words[] = { "none", "missing", "behind", "current" };

	return json_pack("{s:b, s:o, s:s?, s:o, s:o, s:s, s:s, s:b}", "ready", now->ready,
	    "reasons", reasons_json(now), "trouble",
	    now->trouble != FINDING_NONE ? finding_word(now->trouble) : NULL, "snapshot",
	    snapshot_json(&now->view, now_s), "bundle", bundle_json(&now->view), "lookup",
	    words[now->lookup], "clock", clock_word(now), "rollback_guarded", now->view.guarded);
}

void
admin_readyz(struct response *out, const struct service *s, const struct request *q)
{
	struct state now = state_take(s, q->now_s);
	json_t *json = state_json(&now, q->now_s);
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

	http_begin(out, now.ready ? 200 : 503, "application/json");
	http_header(out, "Cache-Control", "no-store");
	buf_add_text(&out->body, text != NULL ? text : "{}");
	buf_add_byte(&out->body, '\n');
	feed_release(&now.view);
	free(text);
	json_decref(json);
}

/* ---- metrics ---- */

static void
metric(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
one(struct buf *out, const char *name, const char *type, const char *help, long long value)
{
	metric(out, name, type, help);
	buf_printf(out, "%s %lld\n", name, value);
}

static void
count_metrics(struct buf *out, const struct counters *c)
{
	metric(out, "qualverifyd_replies_total", "counter", "Replies by class of status.");
	for (int i = 2; i < 6; i++)
		buf_printf(out, "qualverifyd_replies_total{class=\"%dxx\"} %llu\n", i,
		    atomic_load(&c->replies[i]));
	buf_printf(
	    out, "qualverifyd_replies_total{class=\"501\"} %llu\n", atomic_load(&c->not_offered));
	metric(out, "qualverifyd_verdicts_total", "counter", "Verdicts given.");
	for (int i = VERDICT_VALID; i <= VERDICT_UNDETERMINED; i++)
		buf_printf(out, "qualverifyd_verdicts_total{verdict=\"%s\"} %llu\n",
		    verdict_word((enum verdict)i), atomic_load(&c->verdicts[i]));
	one(out, "qualverifyd_turned_away_total", "counter",
	    "Connections beyond what one client or all may hold.",
	    (long long)atomic_load(&c->turned_away));
	one(out, "qualverifyd_come_back_total", "counter",
	    "Requests told to come back because too much was under way.",
	    (long long)atomic_load(&c->come_back));
	one(out, "qualverifyd_cut_off_total", "counter", "Connections that missed a deadline.",
	    (long long)atomic_load(&c->cut_off));
	one(out, "qualverifyd_connections", "gauge", "Connections open now.",
	    atomic_load(&c->connections));
}

static void
upkeep_metrics(struct buf *out, const struct upkeep *u)
{
	metric(out, "qualverifyd_build_info", "gauge", "The program's version; always 1.");
	buf_add_text(out, "qualverifyd_build_info{version=\"" QUALCERT_VERSION "\"} 1\n");
	one(out, "qualverifyd_start_time_seconds", "gauge", "When it was started, since 1970.",
	    u->started_s);
	metric(out, "qualverifyd_reloads_total", "counter", "Reloads asked for by SIGHUP.");
	buf_printf(out,
	    "qualverifyd_reloads_total{result=\"done\"} %llu\n"
	    "qualverifyd_reloads_total{result=\"refused\"} %llu\n",
	    atomic_load(&u->reloads), atomic_load(&u->refused));
	one(out, "qualverifyd_clock_jumps_total", "counter",
	    "How often the machine's clock was set by more than it may be off.",
	    (long long)atomic_load(&u->clock_jumps));
}

static void
state_metrics(struct buf *out, const struct state *now, int64_t now_s)
{
	const struct snapshot *snapshot = published_snapshot(now->view.published);
	const struct bundle *bundle = trust_bundle(published_trust(now->view.published));

	one(out, "qualverifyd_ready", "gauge", "1 if it can say yes, as /readyz tells.",
	    now->ready);
	if (now->lookup != FEED_LOOKUP_NONE)
		one(out, "qualverifyd_lookup_current", "gauge",
		    "1 if the register's look-up table is read and as new as the snapshot.",
		    now->lookup == FEED_LOOKUP_CURRENT);
	if (snapshot != NULL) {
		one(out, "qualverifyd_snapshot_age_seconds", "gauge",
		    "Age of the snapshot that answers are given by.", now_s - snapshot->iat_s);
		one(out, "qualverifyd_snapshot_left_seconds", "gauge",
		    "How long it still answers for the present.",
		    published_good_until_s(now->view.published) - now_s);
	}
	if (bundle != NULL)
		one(out, "qualverifyd_bundle_left_seconds", "gauge",
		    "How long the trust bundle is still good.", bundle->exp_s - now_s);
}

void
admin_metrics(struct response *out, const struct service *s, const struct request *q)
{
	struct state now = state_take(s, q->now_s);

	http_begin(out, 200, "text/plain; version=0.0.4; charset=utf-8");
	http_header(out, "Cache-Control", "no-store");
	upkeep_metrics(&out->body, s->upkeep);
	count_metrics(&out->body, s->upkeep->site);
	one(&out->body, "qualverifyd_slow_waiting", "gauge",
	    "Pictures, batches and evidence files that wait to be worked on.",
	    (long long)pool_waiting(s->slow));
	state_metrics(&out->body, &now, q->now_s);
	feed_release(&now.view);
}
