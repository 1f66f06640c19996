using System.Collections.Immutable;
using Likeness.Files;

namespace Likeness.Server.Options;

/// <summary>Files that people share in chats (XEP-0363).</summary>
internal static class UploadKeys
{
    private const string All = "all settings together";
    private const int MiB = 1024 * 1024;

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("upload", "on where the web side is reached by https", "off",
            "Whether people may upload files to share them in chats (upload. before each domain). on needs `public-url` or `https`.",
            (options, values) => options with { Upload = OptionText.OneOf(values, "off", "on") == 1 }),
        new("upload-domain", "upload. before each domain", "files.example.org",
            "The domain where clients ask for leave to upload; several may be named. Files themselves are on the web side.",
            (options, values) => options with { Chat = options.Chat with { UploadServices = OptionText.Domains(values) } })
        {
            Repeatable = true,
        },
        Number("largest-upload", "25", "100", "MiB of the largest file that people may upload.", 4096,
            (files, number) => files with { MaxFile = (long)number * MiB }),
        Number("most-uploads-per-day", "100", "500", "MiB that one person may upload in a day.", 1_000_000,
            (files, number) => files with { MaxPerDay = (long)number * MiB }),
        Number("most-uploads-per-person", "1024", "2048", "MiB of files that one person may have here.", 10_000_000,
            (files, number) => files with { MaxPerAccount = (long)number * MiB }),
        Number("most-uploads", "10240", "102400", "MiB of all files that people uploaded.", 100_000_000,
            (files, number) => files with { MaxBytes = (long)number * MiB }),
        Number("upload-days", "30", "7", "Days that an uploaded file is kept.", 3650,
            (files, number) => files with { Lifetime = TimeSpan.FromDays(number) }),
    ];

    /// <summary>Addresses of files are https, but on a developer's own machine (XEP-0363 §4).</summary>
    public static IEnumerable<OptionProblem> Problems(LikenessOptions options)
    {
        if (options.Upload == true && !CanServe(options))
        {
            yield return new OptionProblem("upload", All, "files are uploaded by https: say where the web side is reached", "--public-url https://example.org");
        }

        var rooms = options.Chat.Rooms.Services ?? [.. options.ChatDomains.Select(domain => $"rooms.{domain}")];
        foreach (var name in (options.Chat.UploadServices ?? []).Where(name => options.Domains.Contains(name) || rooms.Contains(name)))
        {
            yield return new OptionProblem("upload-domain", All, $"'{name}' is a domain of {(rooms.Contains(name) ? "rooms" : "people")}", $"upload.{name}");
        }
    }

    /// <summary>Whether files are taken; not where there are no chats.</summary>
    public static bool IsOn(LikenessOptions options) => options.Upload != false && CanServe(options) && !(options.Xmpp.IsEmpty && options.Xmpps.IsEmpty);

    /// <summary>Where clients ask for leave.</summary>
    public static IReadOnlyList<string> Services(LikenessOptions options) => options.Chat.UploadServices ?? [.. options.ChatDomains.Select(domain => $"upload.{domain}")];

    /// <summary>Where the web side is reached; null: where it listens for a developer, on a port that is not known before.</summary>
    public static Uri? Web(LikenessOptions options) => options switch
    {
        { PublicUrl: { } url } => url,
        { Https: [{ Port: > 0 and var port }, ..] } => new Uri($"https://{options.Domains[0]}:{port}/"),
        _ => null,
    };

    private static bool CanServe(LikenessOptions options) => options.DevelopmentPlaintext
        ? !options.Http.IsEmpty || !options.Https.IsEmpty
        : options.PublicUrl is { } url ? url.Scheme == Uri.UriSchemeHttps : options.Https is [{ Port: > 0 }, ..];

    private static OptionKey Number(string name, string byDefault, string example, string meaning, int most, Func<SharedFileOptions, int, SharedFileOptions> apply) =>
        new(name, byDefault, example, meaning, (options, values) => options with { Files = apply(options.Files, OptionText.Number(values, 1, most)) });
}
