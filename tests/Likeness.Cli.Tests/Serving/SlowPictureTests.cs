using System.Buffers.Binary;
using System.IO.Compression;
using Likeness.Cli.Commands;
using Likeness.Http;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Imaging.Workers;

namespace Likeness.Cli.Tests.Serving;

/// <summary>With real workers: what a picture costs that nobody can tell from its header.</summary>
[Trait("Category", "Slow")]
public sealed class SlowPictureTests
{
    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task A_small_file_that_takes_long_keeps_nobody_elses_picture_waiting()
    {
        await using var workers = new WorkerPool(
            new WorkerPoolOptions { Command = RenderWorkerCommand.OwnCommand(), MaxWorkers = 2, Limits = ImageLimits.Default }, TimeProvider.System);
        using var queue = new RenderQueue(workers, new AvatarOptions { RenderWorkers = 2 }, TimeProvider.System);
        var slow = Column(5_000_000);
        slow.Length.ShouldBeLessThan(100_000);
        var sizes = Enumerable.Range(1, 250).Select(size => Render(queue, "mallory", slow, size)).ToList();

        var others = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Render(queue, $"person{number}", TestPicture.Waves(300, 1 + (number % 5)), 80)))
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        others.ShouldAllBe(rendered => rendered);
        await Task.WhenAll(sizes);
    }

    /// <summary>False: refused, or told to come back.</summary>
    private static async Task<bool> Render(RenderQueue queue, string person, byte[] picture, int size)
    {
        try
        {
            await queue.Render(new Identity($"{person}@example.org"), RenderRequest.Photo(picture, size));
            return true;
        }
        catch (Exception exception) when (exception is ImageRefusedException or RenderUnavailableException)
        {
            return false;
        }
    }

    /// <summary>A grey PNG, one pixel wide.</summary>
    private static byte[] Column(int height)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, 1);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(new byte[2 * height]);
        }

        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] body = [.. name, .. content];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
