using System.Text.Json;
using System.Text.Json.Serialization;
using Likeness.Libravatar;

namespace Likeness.Http.Webhooks;

/// <summary>What a hook is told.</summary>
/// <param name="Event"><c>portrait.changed</c>, or <c>ping</c> for a test.</param>
/// <param name="Version">Grows with every change of a person; 0 when nothing is kept of the person any more.</param>
/// <param name="Picture">The id of the picture that renditions are made from; null: no picture.</param>
/// <param name="Visibility">Who may see it: public, contacts or nobody.</param>
/// <param name="Purge">Paths on this server whose cached answers are outdated, with every query; one that ends with a slash stands for everything below it.</param>
public sealed record WebhookMessage(
    string Event,
    string? Person,
    IReadOnlyList<string> Addresses,
    long Version,
    DateTimeOffset Changed,
    string? Picture,
    string? Visibility,
    IReadOnlyList<string> Purge)
{
    public static WebhookMessage Ping(DateTimeOffset now) => new("ping", null, [], 0, now, null, null, []);

    public static WebhookMessage Of(Portrait portrait, Visibility visibility, DateTimeOffset changed, IReadOnlyList<string> addresses, PictureId? before) => new(
        "portrait.changed",
        portrait.Identity.Value,
        addresses,
        portrait.Version,
        changed,
        portrait.Source?.Id.Hex,
        visibility.ToString().ToLowerInvariant(),
        [.. addresses.Append(portrait.Identity.Value).Distinct(StringComparer.Ordinal).SelectMany(Paths), .. Former(portrait, visibility, before)]);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, WebhookJson.Default.WebhookMessage);

    // What the hook was told of before and nobody is to find any more.
    private static IEnumerable<string> Former(Portrait portrait, Visibility visibility, PictureId? before) =>
        before is { } picture && (picture != portrait.Source?.Id || visibility != Likeness.Visibility.Public) ? [$"/p/{picture}/"] : [];

    private static IEnumerable<string> Paths(string text) =>
        Address.TryParse(text, out var address) ? address.Hashes.Select(hash => $"/avatar/{hash}") : [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookMessage))]
internal sealed partial class WebhookJson : JsonSerializerContext;
