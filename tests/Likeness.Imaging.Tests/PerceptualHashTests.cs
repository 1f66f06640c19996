using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests;

public sealed class PerceptualHashTests : IAsyncDisposable
{
    private readonly InProcessRenderer _renderer = new();

    public ValueTask DisposeAsync() => _renderer.DisposeAsync();

    [Theory]
    [InlineData(64, ImageFormat.Jpeg)]
    [InlineData(100, ImageFormat.Png)]
    [InlineData(400, ImageFormat.WebP)]
    [InlineData(700, ImageFormat.Gif)]
    public async Task Scaled_and_recompressed_copies_are_near(int size, ImageFormat format)
    {
        var original = TestPictures.Jpeg(512, 512);
        var copy = await _renderer.Render(RenderRequest.Photo(original, size, format), TestContext.Current.CancellationToken);

        (await Hash(copy.Bytes)).DistanceTo(await Hash(original)).ShouldBeLessThanOrEqualTo(PerceptualHash.Threshold);
    }

    [Fact]
    public void A_toned_copy_is_near()
    {
        var grey = Noise(seed: 1);

        Of([.. grey.Select(value => (value * 0.7) + 40)]).DistanceTo(Of(grey)).ShouldBe(0);
    }

    [Fact]
    public void Other_pictures_are_far()
    {
        for (var seed = 2; seed < 200; seed++)
        {
            Of(Noise(seed)).DistanceTo(Of(Noise(seed: 1))).ShouldBeGreaterThan(PerceptualHash.Threshold, $"seed {seed}");
        }
    }

    [Fact]
    public void A_plain_picture_has_none() => PerceptualHash.Of([.. Enumerable.Repeat(127.0, 32 * 32)]).ShouldBeNull();

    private static PerceptualHash Of(double[] grey) => PerceptualHash.Of(grey).ShouldNotBeNull();

    private static double[] Noise(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 32 * 32).Select(_ => random.NextDouble() * 255)];
    }

    private async Task<PerceptualHash> Hash(ReadOnlyMemory<byte> picture) =>
        (await PerceptualHash.Of(picture, _renderer, TestContext.Current.CancellationToken)).ShouldNotBeNull();
}
