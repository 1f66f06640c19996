using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Likeness.Server.Options;

namespace Likeness.Server.Backups;

/// <summary>Reads backups. Everything is checked first, from the first byte to the last, then members are read.</summary>
internal static class BackupReader
{
    private const long LargestMember = 512 * 1024 * 1024;

    /// <summary>Throws <see cref="BackupDamagedException"/> unless every member is there, as it was written, and nothing else.</summary>
    public static BackupManifest Verify(string path)
    {
        var found = new List<BackupMember>();
        BackupManifest? manifest = null;
        foreach (var (name, content) in Members(path))
        {
            if (manifest is not null)
            {
                throw new BackupDamagedException($"{path} is damaged: {name} follows its end.");
            }

            if (name == BackupManifest.Name)
            {
                manifest = Read(path, content);
            }
            else
            {
                found.Add(new BackupMember(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
            }
        }

        if (manifest is null)
        {
            throw new BackupDamagedException($"{path} is no backup, or was cut short: it has no {BackupManifest.Name}.");
        }

        if (manifest.Format != BackupManifest.CurrentFormat)
        {
            throw new BackupDamagedException($"{path} is of form {manifest.Format}, which this program does not know.");
        }

        return found.SequenceEqual(manifest.Members)
            ? manifest
            : throw new BackupDamagedException($"{path} is damaged: {Different(found, manifest.Members)} is not as it was written.");
    }

    /// <summary>Names and contents in order, one in memory at a time.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Members(string path)
    {
        if (NamedFile.Problem(path) is { } problem)
        {
            throw new OperationRefusedException($"No backup: {problem}.");
        }

        using var file = File.OpenRead(path);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unpacked);
        while (Next(path, tar, unpacked) is { } member)
        {
            yield return member;
        }
    }

    private static (string Name, byte[] Content)? Next(string path, TarReader tar, Stream unpacked)
    {
        try
        {
            if (tar.GetNextEntry() is not { } entry)
            {
                // The check sum is at the very end.
                unpacked.CopyTo(Stream.Null);
                return null;
            }

            if (entry.Length > LargestMember)
            {
                throw new BackupDamagedException($"{path} is damaged: {entry.Name} is too large.");
            }

            var content = new byte[entry.Length];
            entry.DataStream?.ReadExactly(content);
            return (entry.Name, content);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new BackupDamagedException($"{path} is no backup, or is damaged: {exception.Message}", exception);
        }
    }

    private static BackupManifest Read(string path, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, BackupJson.Default.BackupManifest) is { Members: not null } manifest
                ? manifest
                : throw new JsonException("it is empty");
        }
        catch (JsonException exception)
        {
            throw new BackupDamagedException($"{path} is damaged: its {BackupManifest.Name} cannot be read.", exception);
        }
    }

    private static string Different(List<BackupMember> found, IReadOnlyList<BackupMember> written) =>
        found.Except(written).Concat(written.Except(found)).FirstOrDefault()?.Name ?? "the order of its members";
}
