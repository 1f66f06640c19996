namespace Likeness.Bench.Imaging;

/// <summary>All workers together, and processor time of the rendering processes per image: the second holds on a busy machine as well.</summary>
internal readonly record struct Speed(double ImagesPerSecond, double ProcessorMilliseconds);
