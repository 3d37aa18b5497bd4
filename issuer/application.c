#include "issuer/application.h"

#include "core/limits.h"
#include "issuer/shape.h"
#include "registry/codes.h"

#include <stdlib.h>

/* An enterprise must give what an individual cannot have. */
static enum shape_need
need_of_unit(const struct application *app)
{
	return app->kind == APPLICANT_INDIVIDUAL ? SHAPE_OPTIONAL : SHAPE_REQUIRED;
}

static struct span
text(const struct shape *object, const char *key)
{
	return shape_text(object, key, SHAPE_REQUIRED, LIMIT_FIELD_BYTES);
}

/* {"zh": …, "en": …}, the English one optional */
static void
read_bilingual(struct span *zh, struct span *en, const struct shape *at, size_t max_bytes)
{
	static const char *const keys[] = { "zh", "en", NULL };
	shape_keys(at, keys);
	*zh = shape_text(at, "zh", SHAPE_REQUIRED, max_bytes);
	*en = shape_text(at, "en", SHAPE_OPTIONAL, max_bytes);
}

static void
read_ids(struct ids *out, const struct shape *list)
{
	out->items = shape_array(&out->count, list, sizeof *out->items);
	for (size_t i = 0; i < out->count; i++)
		out->items[i] = shape_item_text(list, i);
}

static void
read_applicant(struct application *app, const struct shape *at)
{
	static const char *const keys[] = { "kind", "name", "uscc", "legal_representative",
		"registered_address", NULL };
	static const char *const kinds[] = { "enterprise", "individual", NULL };

	shape_keys(at, keys);
	app->kind = (enum applicant_kind)shape_word(at, "kind", kinds);
	struct shape name = shape_member(at, "name", SHAPE_REQUIRED);
	read_bilingual(&app->name_zh, &app->name_en, &name, LIMIT_HOLDER_BYTES);
	app->uscc = shape_text(at, "uscc", need_of_unit(app), LIMIT_FIELD_BYTES);
	app->legal_representative =
	    shape_text(at, "legal_representative", need_of_unit(app), LIMIT_FIELD_BYTES);
	struct shape address = shape_member(at, "registered_address", SHAPE_REQUIRED);
	read_bilingual(&app->address_zh, &app->address_en, &address, LIMIT_FIELD_BYTES);
}

static void
read_qualification(struct application *app, const struct shape *at)
{
	static const char *const keys[] = { "family", "grade", "scopes", NULL };
	static const char *const grades[] = { "A", "B", NULL };

	shape_keys(at, keys);
	app->family = text(at, "family");
	app->grade = (enum grade)shape_word(at, "grade", grades);
	struct shape scopes = shape_member(at, "scopes", SHAPE_OPTIONAL);
	read_ids(&app->scopes, &scopes);
}

static void
read_documents(struct application *app, const struct shape *list)
{
	static const char *const keys[] = { "kind", "title", "sha256", NULL };

	app->documents = shape_array(&app->documents_count, list, sizeof *app->documents);
	for (size_t i = 0; i < app->documents_count; i++) {
		struct shape at = shape_item(list, i);
		shape_keys(&at, keys);
		struct document *to = &app->documents[i];
		to->kind = text(&at, "kind");
		to->title = text(&at, "title");
		to->sha256 = shape_digest(&at, "sha256", SHAPE_REQUIRED);
	}
}

static void
read_declaration(struct application *app, const struct shape *at)
{
	static const char *const keys[] = { "free_of_state_secrets", "person", "date", NULL };

	shape_keys(at, keys);
	app->declared_free_of_secrets = shape_bool(at, "free_of_state_secrets");
	app->declarant = text(at, "person");
	app->declared_on = shape_date(at, "date", SHAPE_REQUIRED);
}

static void
read_persons(struct organisation *org, const struct shape *list)
{
	static const char *const keys[] = { "id", "name", "id_digest", NULL };

	org->persons = shape_array(&org->persons_count, list, sizeof *org->persons);
	for (size_t i = 0; i < org->persons_count; i++) {
		struct shape at = shape_item(list, i);
		shape_keys(&at, keys);
		struct person *to = &org->persons[i];
		to->id = text(&at, "id");
		to->name = text(&at, "name");
		to->id_digest = shape_digest(&at, "id_digest", SHAPE_REQUIRED);
	}
}

static void
read_head(struct organisation *org, const struct shape *at)
{
	static const char *const keys[] = { "choice", "reason", NULL };
	static const char *const choices[] = { "legal-representative", "principal", NULL };

	shape_keys(at, keys);
	org->head_choice = (enum head_choice)shape_word(at, "choice", choices);
	org->head_reason = shape_text(at, "reason", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
}

static void
read_departments(struct organisation *org, const struct shape *list)
{
	static const char *const keys[] = { "name", "head", NULL };

	org->departments = shape_array(&org->departments_count, list, sizeof *org->departments);
	for (size_t i = 0; i < org->departments_count; i++) {
		struct shape at = shape_item(list, i);
		shape_keys(&at, keys);
		struct department *to = &org->departments[i];
		to->name = text(&at, "name");
		to->head = text(&at, "head");
	}
}

static void
read_posts(struct organisation *org, const struct shape *list)
{
	static const char *const keys[] = { "person", "title", NULL };

	org->posts = shape_array(&org->posts_count, list, sizeof *org->posts);
	for (size_t i = 0; i < org->posts_count; i++) {
		struct shape at = shape_item(list, i);
		shape_keys(&at, keys);
		struct post *to = &org->posts[i];
		to->person = text(&at, "person");
		to->title = text(&at, "title");
	}
}

static void
read_members(struct organisation *org, const struct shape *list)
{
	static const char *const keys[] = { "person", "duty", "areas", NULL };

	org->group = shape_array(&org->group_count, list, sizeof *org->group);
	for (size_t i = 0; i < org->group_count; i++) {
		struct shape at = shape_item(list, i);
		struct shape areas = shape_member(&at, "areas", SHAPE_OPTIONAL);
		shape_keys(&at, keys);
		org->group[i].person = text(&at, "person");
		/* a missing duty is the business of ORG-10 */
		org->group[i].duty = shape_text(&at, "duty", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
		read_ids(&org->group[i].areas, &areas);
	}
}

static void
read_group(struct organisation *org, const struct shape *at)
{
	static const char *const keys[] = { "head", "deputies", "members", NULL };

	shape_keys(at, keys);
	org->has_group = at->value != NULL;
	if (!org->has_group) /* the business of ORG-05 */
		return;
	struct shape deputies = shape_member(at, "deputies", SHAPE_REQUIRED);
	struct shape members = shape_member(at, "members", SHAPE_REQUIRED);
	org->group_head = text(at, "head");
	read_ids(&org->group_deputies, &deputies);
	read_members(org, &members);
}

static void
read_appointments(struct organisation *org, const struct shape *list)
{
	static const char *const keys[] = { "persons", "title", "number", "date", "sha256", NULL };

	org->appointments = shape_array(&org->appointments_count, list, sizeof *org->appointments);
	for (size_t i = 0; i < org->appointments_count; i++) {
		struct shape at = shape_item(list, i);
		shape_keys(&at, keys);
		struct appointment *to = &org->appointments[i];
		struct shape persons = shape_member(&at, "persons", SHAPE_REQUIRED);
		read_ids(&to->persons, &persons);
		to->title = text(&at, "title");
		/* whether they may be missing still is said by ORG-13 */
		to->number = shape_text(&at, "number", SHAPE_OPTIONAL, LIMIT_FIELD_BYTES);
		to->date = shape_date(&at, "date", SHAPE_OPTIONAL);
		to->sha256 = shape_digest(&at, "sha256", SHAPE_OPTIONAL);
	}
}

static void
read_organisation(struct organisation *org, const struct shape *at)
{
	static const char *const keys[] = { "persons", "head_of_unit", "principal",
		"leadership_team", "departments", "posts", "directors", "leads", "group",
		"appointments", NULL };

	shape_keys(at, keys);
	struct shape persons = shape_member(at, "persons", SHAPE_REQUIRED);
	read_persons(org, &persons);
	struct shape head = shape_member(at, "head_of_unit", SHAPE_REQUIRED);
	read_head(org, &head);
	org->principal = text(at, "principal");
	struct shape leadership = shape_member(at, "leadership_team", SHAPE_REQUIRED);
	read_ids(&org->leadership, &leadership);
	struct shape departments = shape_member(at, "departments", SHAPE_REQUIRED);
	read_departments(org, &departments);
	struct shape posts = shape_member(at, "posts", SHAPE_REQUIRED);
	read_posts(org, &posts);
	/* which of the two a unit must have is said by ORG-01 and ORG-04 */
	struct shape directors = shape_member(at, "directors", SHAPE_OPTIONAL);
	read_ids(&org->directors, &directors);
	struct shape leads = shape_member(at, "leads", SHAPE_OPTIONAL);
	read_ids(&org->leads, &leads);
	struct shape group = shape_member(at, "group", SHAPE_OPTIONAL);
	read_group(org, &group);
	struct shape appointments = shape_member(at, "appointments", SHAPE_REQUIRED);
	read_appointments(org, &appointments);
}

static void
read_application(struct application *app, const struct shape *root)
{
	static const char *const keys[] = { "format", "type", "of", "applicant", "qualification",
		"documents", "declaration", "organisation", NULL };
	static const char *const formats[] = { "qualcert-application/1", NULL };
	static const char *const types[] = { "new", "renewal", "upgrade", "scope-addition", NULL };

	shape_keys(root, keys);
	shape_word(root, "format", formats);
	app->type = (enum applied_type)shape_word(root, "type", types);
	app->of = shape_text(root, "of", app->type > APPLIED_NEW ? SHAPE_REQUIRED : SHAPE_OPTIONAL,
	    LIMIT_FIELD_BYTES);
	/* scopes, documents, declaration and the like: their absence is named by a rule (rules.h) */
	struct shape applicant = shape_member(root, "applicant", SHAPE_REQUIRED);
	read_applicant(app, &applicant);
	struct shape qualification = shape_member(root, "qualification", SHAPE_REQUIRED);
	read_qualification(app, &qualification);
	struct shape documents = shape_member(root, "documents", SHAPE_OPTIONAL);
	read_documents(app, &documents);
	struct shape declaration = shape_member(root, "declaration", SHAPE_OPTIONAL);
	read_declaration(app, &declaration);
	struct shape organisation = shape_member(root, "organisation", need_of_unit(app));
	if (organisation.value != NULL)
		read_organisation(&app->organisation, &organisation);
}

bool
application_parse(
    struct application **out, struct defects *defects, struct span in, struct err *err)
{
	*out = NULL;
	struct application *app = calloc(1, sizeof *app);
	if (app == NULL)
		return err_set(err, ERR_MEMORY, "out of memory");
	if (!shape_load(&app->tree, in, LIMIT_PAPER_BYTES, err))
		goto fail;
	struct shape root = shape_root(app->tree, defects);
	read_application(app, &root);
	if (!defects_ok(defects, err))
		goto fail;
	*out = app;
	return true;
fail:
	application_free(app);
	return false;
}

void
application_free(struct application *app)
{
	if (app == NULL)
		return;
	struct organisation *org = &app->organisation;
	for (size_t i = 0; i < org->group_count; i++)
		free(org->group[i].areas.items);
	for (size_t i = 0; i < org->appointments_count; i++)
		free(org->appointments[i].persons.items);
	free(org->persons);
	free(org->leadership.items);
	free(org->departments);
	free(org->posts);
	free(org->directors.items);
	free(org->leads.items);
	free(org->group_deputies.items);
	free(org->group);
	free(org->appointments);
	free(app->scopes.items);
	free(app->documents);
	json_decref(app->tree);
	free(app);
}

bool
application_encode(struct buf *out, const struct application *app, struct err *err)
{
	return shape_encode(out, app->tree, err);
}

const struct person *
application_person(const struct application *app, struct span id)
{
	const struct organisation *org = &app->organisation;
	if (id.len == 0)
		return NULL;
	for (size_t i = 0; i < org->persons_count; i++)
		if (span_equal(org->persons[i].id, id))
			return &org->persons[i];
	return NULL;
}

struct span
application_representative(const struct application *app)
{
	const struct person *p = application_person(app, app->legal_representative);
	return p != NULL ? p->name : (struct span){ NULL, 0 };
}

bool
application_scopes(struct scopes *out, const struct ids *words, struct err *err)
{
	*out = (struct scopes){ 0 };
	/* In the order of their numbers, each once. */
	size_t n;
	const struct code *codes = codes_all(&n, CODES_SCOPES);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < words->count; k++)
			if (span_is(words->items[k], codes[i].word)) {
				if (out->count == LIMIT_SCOPES)
					return err_set(
					    err, ERR_LIMIT, "more than %d scopes", LIMIT_SCOPES);
				out->no[out->count++] = (uint16_t)codes[i].number;
				break;
			}
	return out->count == words->count ||
	    err_set(err, ERR_REFUSED, "SCOPE-02: a scope that is named is none, or stands twice");
}
