namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>Every hostile file there is, made when it is needed.</summary>
internal static class HostileCorpus
{
    public static IReadOnlyDictionary<string, HostileFile> All { get; } =
        new[] { JpegFiles.All, PngFiles.All, GifFiles.All, WebPFiles.All, Polyglots.Pictures, Polyglots.Strangers }
            .SelectMany(files => files)
            .ToDictionary(file => file.Name, StringComparer.Ordinal);
}
