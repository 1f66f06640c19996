using System.Text.Json.Serialization;

namespace Likeness.Server.Backups;

/// <summary>What a backup holds: its last member, <c>manifest.json</c>.</summary>
/// <param name="Format">Version of this form.</param>
/// <param name="Tables">Version of the database's tables.</param>
/// <param name="Members">Every other member, in order.</param>
public sealed record BackupManifest(int Format, int Tables, DateTimeOffset Created, IReadOnlyList<BackupMember> Members)
{
    public const string Name = "manifest.json";
    public const int CurrentFormat = 1;
}

/// <param name="Sha256">Of the content, lower-case hex.</param>
public sealed record BackupMember(string Name, long Length, string Sha256);

/// <summary>The file is no backup, or not as it was written; the message is one sentence.</summary>
public sealed class BackupDamagedException(string message, Exception? inner = null) : Exception(message, inner);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
