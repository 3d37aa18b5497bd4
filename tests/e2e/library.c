/*
 * library ROOT PUBLIC INPUT WORD - a stranger's program, built with the installed header alone: eight threads verify
 * the same input side by side and must all get the machine word. Then what a caller does wrong.
 */
#include <libqualverify.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS 8
#define TIMES 20

struct work {
	const struct qualverify *q;
	const struct qualverify_question *ask;
	const void *input;
	size_t length;
	const char *word;
	unsigned right;
};

static void
must(bool done, const char *what)
{
	if (!done) {
		fprintf(stderr, "library: %s\n", what);
		exit(1);
	}
}

static void *
verify_often(void *ctx)
{
	struct work *w = ctx;

	for (unsigned i = 0; i < TIMES; i++) {
		struct qualverify_answer *answer = NULL;
		struct qualverify_failure why;
		must(qualverify_verify(&answer, w->q, w->ask, w->input, w->length, false, &why),
		    "no answer");
		char *json = qualverify_answer_text(
		    answer, QUALVERIFY_JSON, "an input", QUALVERIFY_EN, false);
		must(json != NULL, "no memory");
		w->right += strstr(json, w->word) != NULL;
		free(json);
		qualverify_answer_free(answer);
	}
	return NULL;
}

static void
mistakes_are_sentences(struct qualverify *q, struct qualverify_question *ask)
{
	struct qualverify_failure why = { 0 };

	must(!qualverify_believe(q, "/nonexistent", NULL, NULL, 0, &why) &&
		why.trouble == QUALVERIFY_NOT_FOUND && why.text[0] != '\0',
	    "a missing root set was believed");
	must(!qualverify_question_set(ask, "grade", "Z", &why) && why.trouble == QUALVERIFY_USAGE,
	    "grade Z was asked");
	must(
	    !qualverify_question_set(ask, "colour", "red", &why) && why.trouble == QUALVERIFY_USAGE,
	    "a word that is none was asked");
	struct qualverify *nobody = NULL;
	struct qualverify_answer *answer = NULL;
	must(qualverify_new(&nobody, &why), "no memory");
	must(!qualverify_verify(&answer, nobody, ask, "x", 1, false, &why) && answer == NULL,
	    "an answer without anybody to believe");
	qualverify_free(nobody);
	qualverify_free(NULL);
	qualverify_question_free(NULL);
	qualverify_answer_free(NULL);
}

static void
print_screens(const struct work *w)
{
	struct qualverify_answer *answer = NULL;
	struct qualverify_failure why;

	must(qualverify_verify(&answer, w->q, w->ask, w->input, w->length, false, &why),
	    "no answer");
	for (int language = QUALVERIFY_ZH; language <= QUALVERIFY_EN; language++) {
		char *screen = qualverify_answer_text(
		    answer, QUALVERIFY_SCREEN, NULL, (enum qualverify_language)language, false);
		must(screen != NULL, "no memory");
		fputs(screen, stdout);
		free(screen);
	}
	printf("%d %d %d [%s]\n", qualverify_answer_verdict(answer),
	    qualverify_answer_is_test(answer), qualverify_answer_compare(answer),
	    qualverify_answer_reason(answer));
	qualverify_answer_free(answer);
}

static size_t
read_file(char **out, const char *path)
{
	FILE *f = fopen(path, "rb");
	must(f != NULL && fseek(f, 0, SEEK_END) == 0, path);
	const long length = ftell(f);
	rewind(f);
	*out = malloc((size_t)length + 1);
	must(*out != NULL && fread(*out, 1, (size_t)length, f) == (size_t)length, path);
	fclose(f);
	return (size_t)length;
}

int
main(int argc, char **argv)
{
	struct qualverify *q = NULL;
	struct qualverify_question *ask = NULL;
	struct qualverify_failure why = { 0 };
	struct work work[THREADS];
	pthread_t threads[THREADS];
	char *input = NULL;

	must(argc == 5, "library ROOT PUBLIC INPUT WORD");
	const size_t length = read_file(&input, argv[3]);
	must(qualverify_new(&q, &why) &&
		qualverify_believe(q, argv[1], argv[2], NULL, time(NULL), &why) &&
		qualverify_question_new(&ask, time(NULL), &why),
	    why.text);
	for (int i = 0; i < THREADS; i++) {
		work[i] = (struct work){ q, ask, input, length, argv[4], 0 };
		must(pthread_create(&threads[i], NULL, verify_often, &work[i]) == 0, "no thread");
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		must(work[i].right == TIMES, "another answer than expected");
	}
	print_screens(&work[0]);
	mistakes_are_sentences(q, ask);
	qualverify_question_free(ask);
	qualverify_free(q);
	free(input);
	return 0;
}
