using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Likeness.Server.Backups;

/// <summary>Writes a <c>.tar.gz</c> member by member and at the end what it holds.</summary>
internal sealed class BackupWriter : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly GZipStream _packed;
    private readonly TarWriter _tar;
    private readonly DateTimeOffset _created;
    private readonly List<BackupMember> _members = [];

    /// <param name="file">Stays open.</param>
    public BackupWriter(Stream file, DateTimeOffset created)
    {
        _packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
        _tar = new TarWriter(_packed, TarEntryFormat.Ustar, leaveOpen: true);
        _created = created;
    }

    public async Task Add(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _members.Add(new BackupMember(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content.Span))));
        await Write(name, content, cancellationToken);
    }

    /// <summary>A file that does not change any more, of any size; its time is kept.</summary>
    public async Task AddFile(string name, string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        _members.Add(new BackupMember(name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken))));
        file.Position = 0;
        var entry = new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = file, Mode = OwnerOnly, ModificationTime = new DateTimeOffset(File.GetLastWriteTimeUtc(path)) };
        await _tar.WriteEntryAsync(entry, cancellationToken);
    }

    /// <summary>Without it the file is no backup.</summary>
    public async Task Finish(int tables, CancellationToken cancellationToken)
    {
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, tables, _created, _members);
        await Write(BackupManifest.Name, JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _tar.DisposeAsync();
        await _packed.DisposeAsync();
    }

    private async Task Write(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream(content.ToArray());
        var entry = new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = data, Mode = OwnerOnly, ModificationTime = _created };
        await _tar.WriteEntryAsync(entry, cancellationToken);
    }
}
