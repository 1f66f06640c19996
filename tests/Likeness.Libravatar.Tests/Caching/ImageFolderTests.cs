using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Caching;

[Trait("Requirement", "L-75")]
public sealed class ImageFolderTests : IDisposable
{
    private static readonly DateTimeOffset Soon = new(2026, 1, 1, 13, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("likeness-").FullName;

    [Fact]
    public async Task A_picture_outlives_the_process_with_its_validators()
    {
        var time = new ManualTime();
        var options = new ImageCacheOptions { Folder = _folder };
        await using var server = StandInServer.Answering(request => request.Contains("If-None-Match: \"v1\"", StringComparison.Ordinal)
            ? Answers.Status(304)
            : Answers.Picture(Answers.Png, "ETag: \"v1\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"));
        using var fetch = TestFetch.Create(time: time);
        var url = server.Url().AbsoluteUri;
        await new ImageCache(fetch, options, AvatarTelemetry.None, time).Get(url, default);

        var next = new ImageCache(fetch, options, AvatarTelemetry.None, time);
        var fresh = await next.Get(url, default);
        time.Advance(TimeSpan.FromMinutes(5));
        var renewed = await next.Get(url, default);

        fresh.ShouldBeOfType<FetchResult.Fetched>().Image.Bytes.ToArray().ShouldBe(Answers.Png);
        renewed.ShouldBe(fresh);
        server.Requests.Count.ShouldBe(2);
        server.Requests.Last().ShouldContain("If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT\r\n");
    }

    [Fact]
    public void The_folder_is_bounded_by_bytes()
    {
        var folder = new ImageFolder(_folder, 3_000);
        for (var number = 0; number < 20; number++)
        {
            folder.Write($"http://avatars.example/{number}", Entry(800));
        }

        new DirectoryInfo(_folder).EnumerateFiles().Sum(file => file.Length).ShouldBeInRange(1_000, 3_000);
        folder.Read("http://avatars.example/19").ShouldNotBeNull();
        folder.Read("http://avatars.example/0").ShouldBeNull();
    }

    [Fact]
    public void What_was_left_by_an_earlier_process_counts()
    {
        new ImageFolder(_folder, 100_000).Write("http://avatars.example/a", Entry(2_000));

        new ImageFolder(_folder, 3_000).Write("http://avatars.example/b", Entry(2_000));

        Directory.GetFiles(_folder).Length.ShouldBe(1);
    }

    [Fact]
    public void A_picture_larger_than_the_folder_is_not_kept()
    {
        new ImageFolder(_folder, 1_000).Write("http://avatars.example/a", Entry(2_000));

        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_lost_folder_costs_the_copy_only()
    {
        var folder = new ImageFolder(Path.Combine(_folder, "sub"), 10_000);
        Directory.Delete(Path.Combine(_folder, "sub"));

        folder.Write("http://avatars.example/a", Entry(10));

        folder.Read("http://avatars.example/a").ShouldBeNull();
    }

    [Fact]
    public void A_file_of_another_URL_is_not_believed() =>
        ImageFile.Read(ImageFile.Write("http://avatars.example/a", Entry(10)), "http://avatars.example/b").ShouldBeNull();

    [Fact]
    public void Random_damage_never_makes_the_reader_fail()
    {
        var random = new Random(1);
        const string Url = "http://avatars.example/a";
        var whole = ImageFile.Write(Url, Entry(10));
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = whole[..(random.Next(3) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var changes = random.Next(1, 4); changes > 0 && damaged.Length > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            (ImageFile.Read(damaged, Url)?.Image?.Format).ShouldBeOneOf(null, AvatarFormat.Png);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ImageEntry Entry(int length)
    {
        byte[] bytes = [.. Answers.Png, .. new byte[length]];
        var image = new FetchedImage(bytes, AvatarFormat.Png, new Uri("http://avatars.example/a")) { EntityTag = "\"a\"" };
        return new ImageEntry(new FetchResult.Fetched(image), Soon, Soon);
    }
}
