using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>The lists that are never searched, kept as JSON in one column; an empty list is NULL.</summary>
internal static class Json
{
    public static string? Of(ImmutableArray<PictureLink> links) =>
        links.IsDefaultOrEmpty ? null : JsonSerializer.Serialize(links, JsonLists.Default.ImmutableArrayPictureLink);

    public static string? Of(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? null : JsonSerializer.Serialize(texts, JsonLists.Default.IReadOnlyListString);

    public static ImmutableArray<PictureLink> Links(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, JsonLists.Default.ImmutableArrayPictureLink);

    public static string? Of(ImmutableArray<ProfileLink> links) =>
        links.IsDefaultOrEmpty ? null : JsonSerializer.Serialize(links, JsonLists.Default.ImmutableArrayProfileLink);

    public static ImmutableArray<ProfileLink> ProfileLinks(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, JsonLists.Default.ImmutableArrayProfileLink);

    public static IReadOnlyList<string> Texts(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, JsonLists.Default.IReadOnlyListString) ?? [];
}

[JsonSerializable(typeof(ImmutableArray<PictureLink>))]
[JsonSerializable(typeof(ImmutableArray<ProfileLink>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class JsonLists : JsonSerializerContext;
