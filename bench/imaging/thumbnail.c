/* What libvips does by itself: vips_thumbnail_buffer and a save, one thread, for some seconds.
 * cc -O2 thumbnail.c -o thumbnail $(pkg-config --cflags --libs vips)
 * ./thumbnail source.jpg 80 jpeg 1.0 [output]   prints images per second, and milliseconds of processor time per image */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <vips/vips.h>

static void
render(const void *source, size_t length, int size, const char *format, void **out, size_t *out_length)
{
	VipsImage *image;
	int failed;

	if (vips_thumbnail_buffer((void *) source, length, &image, size, "height", size, NULL))
		vips_error_exit(NULL);
	if (strcmp(format, "jpeg") == 0)
		failed = vips_jpegsave_buffer(image, out, out_length, "Q", 85, "strip", TRUE, NULL);
	else if (strcmp(format, "png") == 0)
		failed = vips_pngsave_buffer(image, out, out_length, "strip", TRUE, NULL);
	else
		failed = vips_webpsave_buffer(image, out, out_length, "Q", 80, "strip", TRUE, NULL);
	if (failed)
		vips_error_exit(NULL);
	g_object_unref(image);
}

static double
processor_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
		(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int
main(int argc, char **argv)
{
	gchar *source;
	gsize length;
	void *out;
	size_t out_length;
	int size, images = 0;
	double seconds, processor;
	gint64 start;

	if (argc < 5 || VIPS_INIT(argv[0]))
		return 2;
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	if (!g_file_get_contents(argv[1], &source, &length, NULL))
		return 2;
	size = atoi(argv[2]);
	seconds = atof(argv[4]);

	render(source, length, size, argv[3], &out, &out_length);
	if (argc > 5)
		g_file_set_contents(argv[5], out, out_length, NULL);
	g_free(out);

	processor = processor_seconds();
	start = g_get_monotonic_time();
	do {
		render(source, length, size, argv[3], &out, &out_length);
		g_free(out);
		images++;
	} while (g_get_monotonic_time() - start < seconds * 1e6);
	printf("%.3f %.3f\n", images / ((g_get_monotonic_time() - start) / 1e6),
		(processor_seconds() - processor) * 1e3 / images);
	return 0;
}
