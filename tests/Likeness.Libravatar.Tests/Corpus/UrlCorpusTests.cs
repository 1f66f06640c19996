using System.Globalization;
using System.IO.Compression;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Corpus;

/// <summary>Compares with what <c>generate.py</c>, an implementation in another language, makes of the same rules.</summary>
public sealed class UrlCorpusTests
{
    [Fact]
    [Trait("Requirement", "L-1")]
    [Trait("Requirement", "L-7")]
    [Trait("Requirement", "L-8")]
    [Trait("Requirement", "L-70")]
    [Trait("Requirement", "L-71")]
    [Trait("Requirement", "L-73")]
    [Trait("Requirement", "L-82")]
    [Trait("Requirement", "L-86")]
    [Trait("Requirement", "L-87")]
    public void Every_URL_is_the_one_that_another_implementation_writes()
    {
        string[][] rows = [.. Lines().Select(line => line.Split('\t'))];

        var differing = rows.Where(row => Url(row) != row[^1]).Select(row => $"{string.Join(' ', row)}: {Url(row)}").Take(5);

        rows.Length.ShouldBeGreaterThanOrEqualTo(10_000);
        differing.ShouldBeEmpty();
    }

    private static string Url(string[] row)
    {
        var typed = Uri.UnescapeDataString(row[1]);
        var options = new AvatarUrlOptions
        {
            UseSha256 = row[2] == "sha256",
            Size = row[3].Length == 0 ? null : int.Parse(row[3], CultureInfo.InvariantCulture),
            Default = Uri.UnescapeDataString(row[4]),
            ForceDefault = row[5] == "y",
        };
        var policy = Enum.Parse<SchemePolicy>(row[6]);
        var chosen = int.Parse(row[7], CultureInfo.InvariantCulture);
        var server = ServiceName.Of("example.org", policy)
            .SelectMany(name => ServiceName.IsSecure(name) ? Servers(row[8], true, chosen) : Servers(row[9], false, chosen))
            .FirstOrDefault(FallbackBases.Libravatar.For(policy)!);
        return AvatarUrl.Build(server, row[0] == "openid" ? Address.OpenIdentifier(typed) : Address.Email(typed), options);
    }

    private static IEnumerable<AvatarBase> Servers(string written, bool isSecure, int chosen) =>
        ServiceServers.Read(written.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Record), isSecure, most => chosen % (most + 1));

    private static ServiceRecord Record(string written)
    {
        var fields = written.Split(' ');
        int[] numbers = [.. fields[..3].Select(field => int.Parse(field, CultureInfo.InvariantCulture))];
        return new ServiceRecord("s", TimeSpan.Zero, numbers[0], numbers[1], numbers[2], Uri.UnescapeDataString(fields[3]));
    }

    private static IEnumerable<string> Lines()
    {
        using var packed = typeof(UrlCorpusTests).Assembly.GetManifestResourceStream("urls.tsv.gz")!;
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
