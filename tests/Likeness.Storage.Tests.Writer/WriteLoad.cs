using Likeness.Stores;

namespace Likeness.Storage.Tests.Writer;

/// <summary>Portraits whose pictures follow from identity and version, so that whoever checks needs no copy of them.</summary>
public static class WriteLoad
{
    private const int VersionsEach = 4;

    public static async Task Run(IPortraitStore store, int life, int writer, TextWriter acknowledged)
    {
        var stored = 0L;
        for (var number = 0; ; number++)
        {
            var identity = new Identity($"person{number / VersionsEach}.writer{writer}.life{life}@example.org");
            var version = (number % VersionsEach) + 1;
            var picture = PictureOf(identity, version);
            var before = version == 1 ? 0 : stored;
            stored = await store.Save(new PortraitWrite(new Portrait { Identity = identity, Picture = picture.Info, Version = before }) { Pictures = [picture] });
            await acknowledged.WriteLineAsync($"{identity} {version}");
        }
    }

    /// <summary>Between 1 and 30,000 random bytes; the width is the version.</summary>
    public static Picture PictureOf(Identity identity, int version)
    {
        var id = PictureId.Of(System.Text.Encoding.UTF8.GetBytes($"{identity} {version}"));
        var random = new Random(Convert.ToInt32(id.Hex[..8], 16));
        var bytes = new byte[random.Next(1, 30_000)];
        random.NextBytes(bytes);
        return Picture.Of(bytes, "image/png", version, version);
    }
}
