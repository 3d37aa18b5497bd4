#include "verifier/admin.h"

#include "core/rfc3339.h"
#include "verifier/counters.h"

#include <jansson.h>
#include <stdlib.h>

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

void
admin_readyz(struct response *out, const struct service *s, const struct request *q)
{
	static const char *const words[] = { "none", "missing", "behind", "current" };
	const enum feed_lookup lookup = feed_lookup(s->feed);
	struct view v = feed_take(s->feed);
	const enum finding trouble = published_trouble(v.published, q->now_s);
	const bool ready = trouble == FINDING_NONE &&
	    (lookup == FEED_LOOKUP_NONE || lookup == FEED_LOOKUP_CURRENT);
	json_t *json = json_pack("{s:b, s:s?, s:o, s:o, s:s, s:b}", "ready", ready, "trouble",
	    trouble != FINDING_NONE ? finding_word(trouble) : NULL, "snapshot",
	    snapshot_json(&v, q->now_s), "bundle", bundle_json(&v), "lookup", words[lookup],
	    "rollback_guarded", v.guarded);
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

	http_begin(out, ready ? 200 : 503, "application/json");
	http_header(out, "Cache-Control", "no-store");
	buf_add_text(&out->body, text != NULL ? text : "{}");
	buf_add_byte(&out->body, '\n');
	feed_release(&v);
	free(text);
	json_decref(json);
}

static void
metric(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
count_metrics(struct buf *out, const struct counters *c)
{
	metric(out, "qualverifyd_replies_total", "counter", "Replies by class of status.");
	for (int i = 2; i < 6; i++)
		buf_printf(out, "qualverifyd_replies_total{class=\"%dxx\"} %llu\n", i,
		    atomic_load(&c->replies[i]));
	metric(out, "qualverifyd_verdicts_total", "counter", "Verdicts given.");
	for (int i = VERDICT_VALID; i <= VERDICT_UNDETERMINED; i++)
		buf_printf(out, "qualverifyd_verdicts_total{verdict=\"%s\"} %llu\n",
		    verdict_word((enum verdict)i), atomic_load(&c->verdicts[i]));
	metric(out, "qualverifyd_turned_away_total", "counter",
	    "Connections beyond what one client or all may hold.");
	buf_printf(out, "qualverifyd_turned_away_total %llu\n", atomic_load(&c->turned_away));
	metric(out, "qualverifyd_cut_off_total", "counter", "Connections that missed a deadline.");
	buf_printf(out, "qualverifyd_cut_off_total %llu\n", atomic_load(&c->cut_off));
	metric(out, "qualverifyd_connections", "gauge", "Connections open now.");
	buf_printf(out, "qualverifyd_connections %u\n", atomic_load(&c->connections));
}

void
admin_metrics(struct response *out, const struct service *s, const struct request *q)
{
	struct view v = feed_take(s->feed);
	const struct snapshot *snapshot = published_snapshot(v.published);
	const struct bundle *bundle = trust_bundle(published_trust(v.published));
	struct buf *b = &out->body;

	http_begin(out, 200, "text/plain; version=0.0.4; charset=utf-8");
	count_metrics(b, s->counters);
	if (snapshot != NULL) {
		metric(b, "qualverifyd_snapshot_age_seconds", "gauge",
		    "Age of the snapshot that answers are given by.");
		buf_printf(b, "qualverifyd_snapshot_age_seconds %lld\n",
		    (long long)(q->now_s - snapshot->iat_s));
		metric(b, "qualverifyd_snapshot_left_seconds", "gauge",
		    "How long it still answers for the present.");
		buf_printf(b, "qualverifyd_snapshot_left_seconds %lld\n",
		    (long long)(published_good_until_s(v.published) - q->now_s));
	}
	if (bundle != NULL) {
		metric(b, "qualverifyd_bundle_left_seconds", "gauge",
		    "How long the trust bundle is still good.");
		buf_printf(b, "qualverifyd_bundle_left_seconds %lld\n",
		    (long long)(bundle->exp_s - q->now_s));
	}
	feed_release(&v);
}
