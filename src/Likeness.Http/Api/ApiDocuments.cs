using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Likeness.Http.Api;

/// <summary>What the interface is.</summary>
internal sealed record IndexDocument(string Name, string Version, string Description);

/// <summary>An error (RFC 9457).</summary>
internal sealed record ProblemDocument(string Title, int Status, string Detail);

/// <summary>A portrait as programs see it.</summary>
internal sealed record PortraitDocument(
    [property: Description("The address it was asked by, normalised.")] string Address,
    [property: Description("Whose portrait it is.")] string Person,
    [property: Description("Grows with every change; the ETag in quotes.")] long Version,
    [property: Description("The picture that renditions are made from.")] PictureDocument? Picture,
    [property: Description("The picture as chats show it.")] PictureDocument? ChatPicture,
    [property: Description("What the picture shows, in the person's words; null: nothing was said.")] string? Alt,
    [property: Description("When it changed last.")] DateTimeOffset Changed,
    [property: Description("The surface that changed it last: api, command, directory, pep, vCard, web.")] string Origin,
    [property: Description("Who may see it: public, contacts or nobody.")] string Visibility,
    LinksDocument Links);

/// <summary>A picture without its bytes.</summary>
internal sealed record PictureDocument(
    [property: Description("SHA-1 of the bytes: the avatar id of XMPP.")] string Id,
    string Type,
    int Width,
    int Height,
    int Bytes);

/// <summary>Paths on this server.</summary>
internal sealed record LinksDocument(
    [property: Description("The picture itself, for programs with a token.")] string Picture,
    [property: Description("Where everybody sees this very picture, under a name that changes with it; null while it is not public.")] string? Permanent,
    [property: Description("Where everybody sees it while it is public; ?s= gives the size.")] IReadOnlyList<string> Avatars);

/// <summary>Who may see a portrait.</summary>
internal sealed record VisibilityDocument([property: Description("public, contacts or nobody")] string Visibility);

/// <summary>An address to add.</summary>
internal sealed record NewAddressDocument([property: Description("An e-mail address or an OpenID.")] string Address);

/// <summary>The addresses a person is found by.</summary>
internal sealed record AddressesDocument(string Person, IReadOnlyList<AddressDocument> Addresses);

/// <summary>An address and the hashes it is asked by.</summary>
internal sealed record AddressDocument(string Address, IReadOnlyList<string> Hashes);

/// <summary>Up to 1,000 addresses and hashes together.</summary>
internal sealed record QueryDocument(IReadOnlyList<string>? Addresses, IReadOnlyList<string>? Hashes);

/// <summary>Those of the asked that have a public portrait.</summary>
internal sealed record FoundDocument(IReadOnlyList<FoundPortrait> Portraits);

/// <summary>One of the asked.</summary>
internal sealed record FoundPortrait([property: Description("The address or hash as it was asked.")] string Asked, long Version, string? Picture);

/// <summary>The JSON form of all of them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(IndexDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(PortraitDocument))]
[JsonSerializable(typeof(VisibilityDocument))]
[JsonSerializable(typeof(NewAddressDocument))]
[JsonSerializable(typeof(AddressesDocument))]
[JsonSerializable(typeof(AddressDocument))]
[JsonSerializable(typeof(QueryDocument))]
[JsonSerializable(typeof(FoundDocument))]
internal sealed partial class ApiJson : JsonSerializerContext;
