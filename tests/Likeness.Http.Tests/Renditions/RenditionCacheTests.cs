using System.Text;
using Likeness.Imaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Http.Tests.Renditions;

public sealed class RenditionCacheTests : IDisposable
{
    private static readonly PictureId Rose = PictureId.Of("a rose"u8);
    private readonly string _folder = Directory.CreateTempSubdirectory("likeness-renditions").FullName;
    private int _renders;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_cached_is_not_rendered_again()
    {
        var cache = Cache(new AvatarOptions());

        var first = await cache.Get(Key(80), Render);
        var second = await cache.Get(Key(80), Render);

        second.ShouldBeSameAs(first);
        _renders.ShouldBe(1);
    }

    [Fact]
    public async Task Size_and_format_and_hash_tell_renditions_apart()
    {
        var cache = Cache(new AvatarOptions());
        RenditionKey[] keys =
        [
            Key(80), Key(81), Key(80) with { Format = ImageFormat.Png },
            RenditionKey.Of("identicon", "a", 80, ImageFormat.Png), RenditionKey.Of("identicon", "b", 80, ImageFormat.Png), RenditionKey.Of("retro", "a", 80, ImageFormat.Png),
        ];

        foreach (var key in keys)
        {
            await cache.Get(key, Render);
        }

        _renders.ShouldBe(keys.Length);
    }

    [Fact]
    public async Task Memory_is_bounded_by_bytes()
    {
        var cache = Cache(new AvatarOptions { PictureMemory = 100_000 });
        for (var size = 1; size <= 100; size++)
        {
            await cache.Get(Key(size), key => Render(key, 10_000));
        }

        _renders = 0;
        for (var size = 100; size >= 1; size--)
        {
            await cache.Get(Key(size), key => Render(key, 10_000));
        }

        (100 - _renders).ShouldBeInRange(1, 10, "how many of a hundred times 10 kB are still held by 100 kB");
    }

    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task A_flood_of_faces_does_not_push_out_a_picture()
    {
        var cache = Cache(new AvatarOptions { FaceMemory = 50_000 });
        await cache.Get(Key(80), Render);
        for (var number = 0; number < 1000; number++)
        {
            await cache.Get(RenditionKey.Of("identicon", $"{number}", 80, ImageFormat.Png), Render);
        }

        _renders = 0;
        await cache.Get(Key(80), Render);

        _renders.ShouldBe(0);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_stop_the_render_for_others()
    {
        var cache = Cache(new AvatarOptions());
        var gate = new TaskCompletionSource();
        using var hasty = new CancellationTokenSource();
        async Task<Rendition> Slow(RenditionKey key)
        {
            await gate.Task;
            return await Render(key);
        }

        var abandoned = cache.Get(Key(80), Slow, hasty.Token).AsTask();
        var patient = cache.Get(Key(80), Slow).AsTask();
        await hasty.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(abandoned);
        gate.SetResult();

        (await patient).Bytes.Length.ShouldBePositive();
        _renders.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_render_is_tried_again()
    {
        var cache = Cache(new AvatarOptions());
        await Should.ThrowAsync<InvalidOperationException>(cache.Get(Key(80), _ => throw new InvalidOperationException()).AsTask());

        (await cache.Get(Key(80), Render)).Bytes.Length.ShouldBePositive();
    }

    [Fact]
    public async Task Pictures_survive_on_disk_and_faces_do_not_go_there()
    {
        var options = new AvatarOptions { Folder = _folder };
        var first = await Cache(options).Get(Key(80), Render);
        await Cache(options).Get(RenditionKey.Of("identicon", "a", 80, ImageFormat.Png), Render);

        var again = await Cache(options).Get(Key(80), Render);

        again.EntityTag.ShouldBe(first.EntityTag);
        again.Bytes.ToArray().ShouldBe(first.Bytes.ToArray());
        _renders.ShouldBe(2);
        Files().Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(20)]
    public async Task A_damaged_file_is_rendered_again(int kept)
    {
        var options = new AvatarOptions { Folder = _folder };
        var sound = await Cache(options).Get(Key(80), Render);
        var file = Files().Single();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..kept]);

        (await Cache(options).Get(Key(80), Render)).EntityTag.ShouldBe(sound.EntityTag);
        _renders.ShouldBe(2);
    }

    [Fact]
    public async Task The_folder_is_bounded_by_bytes()
    {
        var options = new AvatarOptions { Folder = _folder, FolderBytes = 100_000 };
        var cache = Cache(options);
        for (var size = 1; size <= 50; size++)
        {
            await cache.Get(Key(size), key => Render(key, 10_000));
        }

        Files().Sum(file => new FileInfo(file).Length).ShouldBeInRange(10_000, 100_000);
    }

    [Fact]
    public async Task A_replaced_picture_leaves_the_disk()
    {
        var folder = new RenditionFolder(new AvatarOptions { Folder = _folder }, NullLogger<RenditionFolder>.Instance);
        var cleaner = new RenditionCleaner(folder, NullLogger<RenditionCleaner>.Instance);
        var other = RenditionKey.Of(PictureId.Of("another"u8), 80, ImageFormat.Jpeg);
        await folder.Write(Key(80), await Render(Key(80)), folder.RemovalsOf(Key(80)));
        await folder.Write(Key(40), await Render(Key(40)), folder.RemovalsOf(Key(40)));
        await folder.Write(other, await Render(other), folder.RemovalsOf(other));
        var before = new Portrait { Identity = new Identity("a@b"), Picture = new PictureInfo(Rose, "image/png", 1, 1, 6) };

        cleaner.OnPortraitChanged(new PortraitChanged(before, before with { Picture = null }, new(Origin.Command)));
        await cleaner.DisposeAsync();

        (await folder.Read(Key(80))).ShouldBeNull();
        (await folder.Read(Key(40))).ShouldBeNull();
        (await folder.Read(other)).ShouldNotBeNull();
        folder.Size.ShouldBe(Files().Sum(file => new FileInfo(file).Length));
    }

    [Fact]
    public async Task A_picture_that_is_removed_while_it_is_rendered_does_not_come_back_to_the_disk()
    {
        var options = new AvatarOptions { Folder = _folder };
        var folder = new RenditionFolder(options, NullLogger<RenditionFolder>.Instance);

        await new RenditionCache(options, folder).Get(
            Key(80),
            key =>
            {
                folder.Remove(Rose);
                return Render(key);
            });

        Files().ShouldBeEmpty();
        folder.Size.ShouldBe(0);
    }

    [Fact]
    public async Task A_disk_that_fails_costs_no_answer()
    {
        var options = new AvatarOptions { Folder = _folder };
        await File.WriteAllTextAsync(Path.Combine(_folder, Rose.Hex[..2]), "a file where a folder should be");

        (await Cache(options).Get(Key(80), Render)).Bytes.Length.ShouldBePositive();
    }

    private static RenditionKey Key(int size) => RenditionKey.Of(Rose, size, ImageFormat.Jpeg);

    private static RenditionCache Cache(AvatarOptions options) =>
        new(options, new RenditionFolder(options, NullLogger<RenditionFolder>.Instance));

    private Task<Rendition> Render(RenditionKey key) => Render(key, 100);

    private Task<Rendition> Render(RenditionKey key, int bytes)
    {
        Interlocked.Increment(ref _renders);
        return Task.FromResult(Rendition.Of(Encoding.ASCII.GetBytes(key.ToString().PadRight(bytes)), key.Format));
    }

    private string[] Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
}
