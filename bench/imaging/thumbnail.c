/* What libvips does by itself: vips_thumbnail_buffer and a save, one thread, for some seconds.
 * Linked with the library that comes along, so both sides use the same one; that has no headers, hence the declarations.
 * cc -O2 thumbnail.c -o thumbnail PATH/libvips.so.42 -Wl,-rpath,PATH
 * ./thumbnail source.jpg 80 jpeg 1.0 [output]   prints images per second, and milliseconds of processor time per image */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct _VipsImage VipsImage;
int vips_init(const char *program);
void vips_error_exit(const char *format, ...);
void vips_concurrency_set(int threads);
void vips_cache_set_max(int operations);
int vips_thumbnail_buffer(void *buffer, size_t length, VipsImage **out, int width, ...);
int vips_jpegsave_buffer(VipsImage *in, void **out, size_t *length, ...);
int vips_pngsave_buffer(VipsImage *in, void **out, size_t *length, ...);
int vips_webpsave_buffer(VipsImage *in, void **out, size_t *length, ...);
void g_object_unref(void *object);
void g_free(void *memory);

static void
render(void *source, size_t length, int size, const char *format, void **out, size_t *out_length)
{
	VipsImage *image;
	int failed;

	if (vips_thumbnail_buffer(source, length, &image, size, "height", size, NULL))
		vips_error_exit(NULL);
	if (strcmp(format, "jpeg") == 0)
		failed = vips_jpegsave_buffer(image, out, out_length, "Q", 85, "keep", 0, NULL);
	else if (strcmp(format, "png") == 0)
		failed = vips_pngsave_buffer(image, out, out_length, "keep", 0, NULL);
	else
		failed = vips_webpsave_buffer(image, out, out_length, "Q", 80, "keep", 0, NULL);
	if (failed)
		vips_error_exit(NULL);
	g_object_unref(image);
}

static double
seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void *
read_all(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	void *bytes;

	if (!file)
		exit(2);
	fseek(file, 0, SEEK_END);
	*length = ftell(file);
	rewind(file);
	bytes = malloc(*length);
	if (fread(bytes, 1, *length, file) != *length)
		exit(2);
	fclose(file);
	return bytes;
}

int
main(int argc, char **argv)
{
	void *source, *out;
	size_t length, out_length;
	int size, images = 0;
	double seconds, processor, start;

	if (argc < 5 || vips_init(argv[0]))
		return 2;
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	source = read_all(argv[1], &length);
	size = atoi(argv[2]);
	seconds = atof(argv[4]);

	render(source, length, size, argv[3], &out, &out_length);
	if (argc > 5) {
		FILE *file = fopen(argv[5], "wb");

		fwrite(out, 1, out_length, file);
		fclose(file);
	}
	g_free(out);

	processor = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
	start = seconds_of(CLOCK_MONOTONIC);
	do {
		render(source, length, size, argv[3], &out, &out_length);
		g_free(out);
		images++;
	} while (seconds_of(CLOCK_MONOTONIC) - start < seconds);
	printf("%.3f %.3f\n", images / (seconds_of(CLOCK_MONOTONIC) - start),
		(seconds_of(CLOCK_PROCESS_CPUTIME_ID) - processor) * 1e3 / images);
	return 0;
}
