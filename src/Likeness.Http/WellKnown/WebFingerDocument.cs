using System.Text.Json.Serialization;

namespace Likeness.Http.WellKnown;

/// <summary>What is told of a resource (RFC 7033 §4.4).</summary>
public sealed record WebFingerDocument(string Subject, IReadOnlyList<WebFingerLink> Links);

/// <summary>One link of it (RFC 7033 §4.4.4).</summary>
/// <param name="Properties">Names are URIs.</param>
public sealed record WebFingerLink(string Rel, string Type, string Href, IReadOnlyDictionary<string, string> Properties);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebFingerDocument))]
internal sealed partial class WebFingerJson : JsonSerializerContext;
