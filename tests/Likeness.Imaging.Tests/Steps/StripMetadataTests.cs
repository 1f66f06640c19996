using System.Text;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Steps;

public sealed class StripMetadataTests
{
    private const string Secret = "52.5200N-the-secret-place";

    public static TheoryData<RenderRequest> EveryJob { get; } = new(
        from source in new[] { TalkativeJpeg(), TalkativePng() }
        from request in Enum.GetValues<ImageFormat>().Select(format => RenderRequest.Photo(source, 80, format))
            .Append(RenderRequest.Master(source))
            .Append(RenderRequest.InBand(source))
        select request);

    [Theory, MemberData(nameof(EveryJob), DisableDiscoveryEnumeration = true), Trait("Requirement", "L-105")]
    public async Task Nothing_but_pixels_comes_out(RenderRequest request)
    {
        Encoding.Latin1.GetString(request.Source.Span).ShouldContain(Secret);
        await using var renderer = new InProcessRenderer();

        var rendered = await renderer.Render(request, TestContext.Current.CancellationToken);

        var text = Encoding.Latin1.GetString(rendered.Bytes.Span);
        text.ShouldNotContain(Secret);
        text.ShouldNotContain("Exif");
        text.ShouldNotContain("xmpmeta");
        text.ShouldNotContain("ICC_PROFILE");
        text.ShouldNotContain("tEXt");
    }

    private static byte[] TalkativeJpeg()
    {
        var jpeg = Segments.WithExif(TestPictures.Jpeg(200, 200), 1, Secret);
        jpeg = Segments.WithSegment(jpeg, 0xE1, Encoding.ASCII.GetBytes($"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>{Secret}</x:xmpmeta>"));
        return Segments.WithSegment(jpeg, 0xFE, Encoding.ASCII.GetBytes(Secret));
    }

    private static byte[] TalkativePng() =>
        Segments.WithText(Segments.WithText(TestPictures.Png(200, 200), "Comment", Secret), "XML:com.adobe.xmp", $"<x:xmpmeta>{Secret}</x:xmpmeta>");
}
