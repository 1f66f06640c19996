using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Discovery;

[Trait("Requirement", "L-89")]
public sealed class DiscoveryFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("likeness-").FullName;

    private string CacheFile => Path.Combine(_folder, "servers");

    [Fact]
    public async Task What_was_found_outlives_the_process()
    {
        var time = new ManualTime();
        await using var resolver = new TestZone().With("_avatars-sec._tcp.club.example", DnsBytes.Srv(1, 0, 443, "a.example"), DnsBytes.Srv(2, 0, 8443, "b.example")).Serve();
        var options = TestZone.Options(resolver) with { CacheFile = CacheFile };
        using (var discovery = new ServerDiscovery(options, time))
        {
            await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly);
            await discovery.FindAsync("none.example", SchemePolicy.HttpsOnly);
            discovery.Save();
        }

        using var next = new ServerDiscovery(options, time);

        next.Recall("club.example", SchemePolicy.HttpsOnly).Bases.Select(server => server.Text).ShouldBe(["https://a.example", "https://b.example:8443"]);
        next.Recall("none.example", SchemePolicy.HttpsOnly).Status.ShouldNotBe(DiscoveryStatus.Pending);
        resolver.Asked.Count.ShouldBe(2);
        Directory.GetFiles(_folder).ShouldBe([CacheFile]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else\n")]
    [InlineData("avatar servers 1\nno tabs\n")]
    [InlineData("avatar servers 1\n_avatars-sec._tcp.club.example\t0\t1767268800\t1767268800\thttps://a.example\nhalf a li")]
    [InlineData("avatar servers 1\n_avatars-sec._tcp.club.example\t0\t1767268800\t1767268800\thttp://a.example\n")]
    [InlineData("avatar servers 1\n_avatars-sec._tcp.club.example\t0\t1767268800\t1767268800\tjavascript:alert(1)\n")]
    [InlineData("avatar servers 1\n_avatars-sec._tcp.club.example\t0\t99999999999999999\t1767268800\thttps://a.example\n")]
    [InlineData("avatar servers 1\n_other._tcp.club.example\t0\t1767268800\t1767268800\thttps://a.example\n")]
    public void A_damaged_file_is_an_empty_cache(string text)
    {
        File.WriteAllText(CacheFile, text);

        DiscoveryFile.Read(CacheFile, 100).ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_empty_caches()
    {
        DiscoveryFile.Read(CacheFile, 100).ShouldBeEmpty();
        DiscoveryFile.Read(_folder, 100).ShouldBeEmpty();
    }

    [Fact]
    public void Random_damage_never_makes_the_reader_fail()
    {
        var random = new Random(1);
        var whole = "avatar servers 1\n_avatars-sec._tcp.club.example\t0\t1767268800\t1767268800\thttps://a.example https://b.example:1\n"u8.ToArray();
        for (var round = 0; round < 300; round++)
        {
            var damaged = whole[..random.Next(whole.Length + 1)];
            for (var changes = random.Next(4); changes > 0 && damaged.Length > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(CacheFile, damaged);
            DiscoveryFile.Read(CacheFile, 100).Count.ShouldBeLessThanOrEqualTo(2);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
