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
        foreach (var entry in Entries(path))
        {
            if (manifest is not null)
            {
                throw new BackupDamagedException($"{path} is damaged: {entry.Name} follows its end.");
            }

            if (entry.Name == BackupManifest.Name)
            {
                manifest = Read(path, Content(path, entry));
            }
            else
            {
                found.Add(new BackupMember(entry.Name, entry.Length, Reading(path, () => Convert.ToHexStringLower(SHA256.HashData(entry.DataStream ?? Stream.Null)))));
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

    /// <summary>Names and contents in order, one in memory at a time; what people uploaded is not among them.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Members(string path) =>
        Entries(path).Where(entry => !BackupFiles.IsUpload(entry.Name)).Select(entry => (entry.Name, Content(path, entry)));

    /// <summary>What people uploaded, each to be read before the next one.</summary>
    public static IEnumerable<TarEntry> Uploads(string path) => Entries(path).Where(entry => BackupFiles.IsUpload(entry.Name));

    private static IEnumerable<TarEntry> Entries(string path)
    {
        if (NamedFile.Problem(path) is { } problem)
        {
            throw new OperationRefusedException($"No backup: {problem}.");
        }

        using var file = File.OpenRead(path);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unpacked);
        while (Reading(path, () => tar.GetNextEntry()) is { } entry)
        {
            yield return entry;
        }

        // The check sum is at the very end.
        Reading(path, () =>
        {
            unpacked.CopyTo(Stream.Null);
            return true;
        });
    }

    private static byte[] Content(string path, TarEntry entry)
    {
        if (entry.Length > LargestMember)
        {
            throw new BackupDamagedException($"{path} is damaged: {entry.Name} is too large.");
        }

        var content = new byte[entry.Length];
        return Reading(path, () =>
        {
            entry.DataStream?.ReadExactly(content);
            return content;
        });
    }

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
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
