using Likeness.Stores;

namespace Likeness.Tests;

/// <summary>Counting where portraits are seen: by day, bounded, and nothing of whoever looks.</summary>
[Trait("Requirement", "P-53")]
public sealed class SeenTallyTests
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private static readonly DomainPolicies Policies = new(
    [
        new DomainPolicy { Domain = "example.org" },
        new DomainPolicy { Domain = "club.net", Seen = SeenCounting.Sites },
        new DomainPolicy { Domain = "quiet.net", Seen = SeenCounting.Off },
    ]);

    private readonly SeenTally _tally = new(Policies, TimeProvider.System);

    [Fact]
    public void Answers_are_counted_by_what_they_are_and_only_once()
    {
        var small = _tally.CounterFor(Juliet, SeenWhat.Sha256, 64, "png")!;
        var large = _tally.CounterFor(Juliet, SeenWhat.Md5, 600, "webp")!;
        small.Add();
        small.Add();
        large.Add();
        _tally.Add(Juliet, SeenWhat.Chat, 3);
        _tally.Add(Juliet, SeenWhat.Chat, 0);
        Counted().ShouldBe(["chat 3", "md5 1", "sha256 2", "size 64 2", "size more 1", "type png 2", "type webp 1"]);
        Counted().ShouldBeEmpty();

        // The same answer goes on being given.
        small.Add();
        Counted().ShouldBe(["sha256 1", "size 64 1", "type png 1"]);
    }

    [Theory]
    [InlineData("https://Blog.Example.net/article?visitor=7#top", "blog.example.net")]
    [InlineData("https://juliet:secret@blog.example.net:8443/", "blog.example.net")]
    [InlineData("https://blog.example.net", "blog.example.net")]
    [InlineData("http://192.168.1.7/", null)]
    [InlineData("http://[2001:db8::7]/", null)]
    [InlineData("http://localhost/", null)]
    [InlineData("https://exa mple.net/", null)]
    [InlineData("about:blank", null)]
    [InlineData("", null)]
    public void Of_a_site_its_name_is_kept_and_of_a_machine_nothing(string referrer, string? host)
    {
        var counter = _tally.CounterFor(new Identity("anne@club.net"), SeenWhat.Md5, 80, "png")!;
        counter.TakesSites.ShouldBeTrue();
        counter.AddFrom(referrer);
        counter.AddFrom(referrer);
        var counted = Counted();
        counted.ShouldContain("md5 2");
        counted.Where(row => row.StartsWith("site", StringComparison.Ordinal)).ShouldBe(host is null ? [] : [$"site {host} 2"]);
        string.Concat(counted).ShouldNotContain("visitor");
        string.Concat(counted).ShouldNotContain("secret");
    }

    [Fact]
    public void Sites_are_counted_where_the_domain_wants_it_and_nothing_where_it_wants_nothing()
    {
        _tally.CounterFor(Juliet, SeenWhat.Md5, 80, "png")!.TakesSites.ShouldBeFalse();
        _tally.CounterFor(Juliet, SeenWhat.Md5, 80, "png")!.AddFrom("https://blog.example.net/");
        _tally.CounterFor(new Identity("abbot@quiet.net"), SeenWhat.Md5, 80, "png").ShouldBeNull();
        _tally.Add(new Identity("abbot@quiet.net"), SeenWhat.Chat, 1);
        Counted().ShouldBe(["md5 1", "size 96 1", "type png 1"]);
    }

    [Fact]
    public void A_flood_takes_no_more_than_there_is_room_for()
    {
        for (var number = 0; number < SeenTally.MaxCounters + 100; number++)
        {
            _tally.CounterFor(Juliet, SeenWhat.Md5, 80, "png")!.Add();
        }

        Counted().ShouldContain($"md5 {SeenTally.MaxCounters}");
        var late = _tally.CounterFor(new Identity("anne@club.net"), SeenWhat.Md5, 80, "png")!;
        for (var number = 0; number < SeenTally.MaxSites + 20; number++)
        {
            late.AddFrom($"https://site{number}.example/");
        }

        var sites = Counted().Where(row => row.StartsWith("site", StringComparison.Ordinal)).ToArray();
        sites.Length.ShouldBe(SeenTally.MaxSites + 1);
        sites.ShouldContain("site  20");
    }

    [Theory]
    [InlineData("juliet@example.org")]
    [InlineData("anne@club.net")]
    public void Counting_an_answer_allocates_nothing(string person)
    {
        var counter = _tally.CounterFor(new Identity(person), SeenWhat.Md5, 80, "png")!;
        const string Site = "https://blog.example.net/";
        counter.AddFrom(Site);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < 10_000; number++)
        {
            counter.Add();
            counter.AddFrom(Site);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        Counted().ShouldContain("md5 20001");
    }

    [Fact]
    public async Task What_many_count_at_once_is_all_there()
    {
        var counter = _tally.CounterFor(Juliet, SeenWhat.Md5, 80, "png")!;
        var (taken, isOver) = (0L, false);
        var taking = Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                taken += Md5();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var number = 0; number < 50_000; number++)
            {
                counter.Add();
            }
        })));
        Volatile.Write(ref isOver, true);
        await taking;
        (taken + Md5()).ShouldBe(200_000);

        long Md5() => _tally.Take().Where(row => row.What == SeenWhat.Md5).Sum(row => row.Number);
    }

    private List<string> Counted() => [.. _tally.Take().Select(row => $"{row.What} {row.Number}").Order(StringComparer.Ordinal)];
}
