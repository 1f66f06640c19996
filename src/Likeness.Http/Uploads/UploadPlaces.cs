using System.Buffers;

namespace Likeness.Http.Uploads;

/// <summary>How many uploaded files are held in memory at the same moment; the others wait where they were received.</summary>
internal sealed class UploadPlaces : IDisposable
{
    private const int Most = 4;
    private readonly SemaphoreSlim _free = new(Most);

    /// <summary>Takes a place until disposed.</summary>
    public async ValueTask<UploadPlace> Enter(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new UploadPlace(_free);
    }

    public void Dispose() => _free.Dispose();
}

/// <summary>Room for one file. Its memory is used again by the next, so that files of ten mebibytes do not pile up until they are collected.</summary>
internal sealed class UploadPlace(SemaphoreSlim free) : IDisposable
{
    private byte[]? _buffer;

    /// <summary>The whole file; not to be touched any more when the place is given back.</summary>
    public async Task<ReadOnlyMemory<byte>> Read(Stream file, CancellationToken cancellationToken)
    {
        var bytes = (_buffer = ArrayPool<byte>.Shared.Rent((int)file.Length)).AsMemory(0, (int)file.Length);
        await file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        free.Release();
    }
}
