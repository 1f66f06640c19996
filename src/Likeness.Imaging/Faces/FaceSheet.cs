using Likeness.Imaging.Faces.Lettering;
using NetVips;

namespace Likeness.Imaging.Faces;

/// <summary>Contact sheets: faces side by side at the sizes they are seen at, as lossless WebP.</summary>
public sealed class FaceSheet(IImageRenderer renderer)
{
    private const int Gap = 8;
    private const int Small = 24;
    private const int Usual = 80;
    private const int Large = 512;
    private const int LargeAcross = 4;

    private static readonly double[] White = [255, 255, 255, 255];

    /// <summary>Every face of every subject at 80 and 24 pixels, with the faces' names.</summary>
    public async Task<byte[]> Overview(IReadOnlyList<FaceSubject> subjects, CancellationToken cancellationToken)
    {
        var rows = new List<Image>();
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

    private async Task<List<Image>> Render(IFace face, IReadOnlyList<FaceSubject> subjects, int size, CancellationToken cancellationToken)
    {
        var pictures = new List<Image>();
        foreach (var subject in subjects)
        {
            pictures.Add(await Render(face.Draw(subject), size, cancellationToken));
        }

        return pictures;
    }

    private async Task<Image> Render(string drawing, int size, CancellationToken cancellationToken) =>
        Decode((await renderer.Render(RenderRequest.Face(drawing, size), cancellationToken)).Bytes);

    private static Image Decode(ReadOnlyMemory<byte> png)
    {
        VipsLibrary.Start();
        using var source = Source.NewFromMemory(png.Span);
        using var picture = Image.PngloadSource(source);
        return picture.CopyMemory();
    }

    private static Image Row(IReadOnlyList<Image> pictures, int across)
    {
        var row = Image.Arrayjoin([.. pictures], across: across, shim: Gap, background: White);
        Release(pictures);
        return row;
    }

    private static byte[] Save(IReadOnlyList<Image> rows)
    {
        using var sheet = rows.Aggregate(Join);
        return sheet.WebpsaveBuffer(lossless: true, keep: Enums.ForeignKeep.None);
    }

    private static Image Join(Image above, Image beneath)
    {
        var joined = above.Join(beneath, Enums.Direction.Vertical, expand: true, shim: Gap, background: White);
        Release([above, beneath]);
        return joined;
    }

    private static void Release(IEnumerable<Image> pictures)
    {
        foreach (var picture in pictures)
        {
            picture.Dispose();
        }
    }
}
