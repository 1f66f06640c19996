using Likeness.Imaging.Faces;

namespace Likeness.Imaging.Tests.Support;

/// <summary>The faces as they are meant to look. After an intended change: run this program with <c>write-golden</c> and the folder.</summary>
internal static class GoldenImages
{
    public const string Hash = "7fbe9b9c3a1d4f0e8a55c2f0c1d2e3f4";
    public const int Size = 128;

    public static FaceSubject Subject { get; } = new(Hash, "ÉW", "juliet@capulet.lit");

    public static string PathOf(IFace face) => Path.Combine(AppContext.BaseDirectory, "Golden", $"{face.Name}.png");

    public static async Task<RenderedImage> Draw(IFace face)
    {
        await using var renderer = new InProcessRenderer();
        return await renderer.Render(RenderRequest.Face(face.Draw(Subject), Size), CancellationToken.None);
    }

    public static async Task<int> Write(string folder)
    {
        foreach (var face in FaceCatalogue.All)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{face.Name}.png"), (await Draw(face)).Bytes.ToArray());
        }

        return 0;
    }
}
