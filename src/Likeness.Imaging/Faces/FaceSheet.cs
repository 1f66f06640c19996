using Likeness.Imaging.Faces.Lettering;
using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Faces;

/// <summary>Contact sheets: faces side by side at the sizes they are seen at, as lossless WebP.</summary>
public sealed class FaceSheet(IImageRenderer renderer)
{
    private const int Gap = 8;
    private const int Small = 24;
    private const int Usual = 80;
    private const int Large = 512;
    private const int LargeAcross = 4;
    private const int Vertical = 1;

    private static readonly double[] White = [255, 255, 255, 255];

    /// <summary>Every face of every subject at 80 and 24 pixels, with the faces' names.</summary>
    public async Task<byte[]> Overview(IReadOnlyList<FaceSubject> subjects, CancellationToken cancellationToken)
    {
        var rows = new List<VipsImage>();
        foreach (var face in FaceCatalogue.All)
        {
            var name = await Render(Svg.OnGround("#ffffff", TextLine.Draw(Alphabet.Write(face.Name)!, "#27233a")), Usual, cancellationToken);
            rows.Add(Row([name, .. await Render(face, subjects, Usual, cancellationToken)], subjects.Count + 1));
            rows.Add(Row(await Render(face, subjects, Small, cancellationToken), subjects.Count));
        }

        return Save(rows);
    }

    /// <summary>One face of every subject at 80, 24 and 512 pixels.</summary>
    public async Task<byte[]> Of(IFace face, IReadOnlyList<FaceSubject> subjects, CancellationToken cancellationToken) =>
        Save(
        [
            Row(await Render(face, subjects, Usual, cancellationToken), subjects.Count),
            Row(await Render(face, subjects, Small, cancellationToken), subjects.Count),
            Row(await Render(face, subjects, Large, cancellationToken), LargeAcross),
        ]);

    private async Task<List<VipsImage>> Render(IFace face, IReadOnlyList<FaceSubject> subjects, int size, CancellationToken cancellationToken)
    {
        var pictures = new List<VipsImage>();
        foreach (var subject in subjects)
        {
            pictures.Add(await Render(face.Draw(subject), size, cancellationToken));
        }

        return pictures;
    }

    private async Task<VipsImage> Render(string drawing, int size, CancellationToken cancellationToken) =>
        Decode((await renderer.Render(RenderRequest.Face(drawing, size), cancellationToken)).Bytes);

    private static unsafe VipsImage Decode(ReadOnlyMemory<byte> png)
    {
        using var pin = png.Pin();
        using var picture = new VipsOperation("pngload_buffer"u8).With("buffer"u8, (byte*)pin.Pointer, png.Length).Image();
        return picture.ToMemory();
    }

    private static VipsImage Row(IReadOnlyList<VipsImage> pictures, int across)
    {
        var row = new VipsOperation("arrayjoin"u8)
            .With("in"u8, pictures).With("across"u8, across).With("shim"u8, Gap).With("background"u8, White)
            .Image();
        Release(pictures);
        return row;
    }

    private static byte[] Save(IReadOnlyList<VipsImage> rows)
    {
        using var sheet = rows.Aggregate(Join);
        return new VipsOperation("webpsave_buffer"u8).With("in"u8, sheet).With("lossless"u8, true).With("strip"u8, true).Bytes();
    }

    private static VipsImage Join(VipsImage above, VipsImage beneath)
    {
        var joined = new VipsOperation("join"u8)
            .With("in1"u8, above).With("in2"u8, beneath).With("direction"u8, Vertical)
            .With("expand"u8, true).With("shim"u8, Gap).With("background"u8, White)
            .Image();
        Release([above, beneath]);
        return joined;
    }

    private static void Release(IEnumerable<VipsImage> pictures)
    {
        foreach (var picture in pictures)
        {
            picture.Dispose();
        }
    }
}
