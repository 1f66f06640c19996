using System.Text;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Libravatar;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

public sealed class DomainPolicyTests : IAsyncLifetime
{
    private const string Nobody = "/avatar/0123456789abcdef0123456789abcdef";
    private const string Ann = "ann@example.net";
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start(policies:
        [
            new DomainPolicy { Domain = "example.org", CacheSeconds = 300 },
            new DomainPolicy
            {
                Domain = "example.net",
                DefaultFace = "identicon",
                Sizes = new AvatarSizes { Default = 100, Largest = 1024 },
                CacheSeconds = 7,
                DefaultCacheSeconds = 3,
                Md5 = false,
                TrustedDefaults = [TrustedDefault.Parse("https://good.example")],
            },
        ]);
        await _server.Give(Juliet, "a rose");
        await _server.Give(Ann, "a lily");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    [Trait("Requirement", "L-32")]
    [Trait("Requirement", "L-42")]
    [Trait("Requirement", "L-51")]
    public async Task For_a_hash_nobody_has_the_host_decides()
    {
        // Several times and by turns: prepared answers of one domain must not serve another.
        for (var round = 0; round < 3; round++)
        {
            var net = await _server.Get(Nobody, "Host: avatars.example.net:8080");
            var org = await _server.Get(Nobody, "Host: example.org");
            var other = await _server.Get(Nobody, "Host: 127.0.0.1");

            net.Body.ShouldBe(Face("identicon", Nobody[8..], 100));
            net["Cache-Control"].ShouldBe("public, max-age=3");
            org.Body.ShouldBe(Face("mm", "", 80));
            org["Cache-Control"].ShouldBe("public, max-age=300");
            other.Body.ShouldBe(org.Body);
        }

        (await _server.Get(Nobody + "?d=404", "Host: example.net"))["Cache-Control"].ShouldBe("public, max-age=3");
        (await _server.Get(Nobody + "?s=2000", "Host: example.net")).Body.ShouldBe(Face("identicon", Nobody[8..], 1024));
    }

    [Fact]
    [Trait("Requirement", "L-32")]
    public async Task For_a_person_the_persons_domain_decides_whatever_the_host()
    {
        var hash = Address.Email(Ann).Sha256.Text;
        foreach (var host in new[] { "example.org", "example.net", "localhost" })
        {
            var answer = await _server.Get($"/avatar/{hash}", $"Host: {host}");
            answer.Body.ShouldBe(Photo(100, ImageFormat.Jpeg, "a lily"));
            answer["Cache-Control"].ShouldBe("public, max-age=7");
            (await _server.Get($"/avatar/{hash}?s=900", $"Host: {host}")).Body.ShouldBe(Photo(900, ImageFormat.Jpeg, "a lily"));
        }

        (await _server.Get($"/avatar/{HashOf(Juliet)}?s=900", "Host: example.net")).Body.ShouldBe(Photo(512, ImageFormat.Jpeg));
    }

    [Fact]
    [Trait("Requirement", "L-2")]
    public async Task A_domain_that_answers_SHA_256_only_does_not_know_MD5_hashes()
    {
        var known = await _server.Get($"/avatar/{HashOf(Ann)}?d=blank", "Host: example.net");
        var unknown = await _server.Get($"{Nobody}?d=blank", "Host: example.net");

        known.Comparable().ShouldBe(unknown.Comparable());
        (await _server.Get($"/avatar/{HashOf(Juliet)}", "Host: example.net"))["X-Avatar-Source"].ShouldBe("portrait");
    }

    [Fact]
    [Trait("Requirement", "L-44")]
    [Trait("Requirement", "L-56")]
    public async Task Each_domain_trusts_its_own_list_of_URLs()
    {
        const string query = "?d=https%3A%2F%2Fgood.example%2Fa%2520b.png";
        for (var round = 0; round < 3; round++)
        {
            var net = await _server.Get(Nobody + query, "Host: example.net");
            net.Status.ShouldBe(307);
            net["Location"].ShouldBe("https://good.example/a%20b.png");
            net["Cache-Control"].ShouldBe("public, max-age=3");
            net["Access-Control-Allow-Origin"].ShouldBe("*");
            net["Content-Length"].ShouldBe("0");
            (await _server.Get(Nobody + query, "Host: example.org")).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_prepared_answer_of_one_of_several_domains_is_found_without_allocating()
    {
        var site = _server.Sites.Of(new Identity(Ann));
        byte[] target = [.. site.KeyPrefix, .. Encoding.ASCII.GetBytes(Nobody[8..])];
        for (var round = 0; round < 3; round++)
        {
            await _server.Endpoint.Prepare(target, site, null);
        }

        _server.Prepared.TryRecall(target, out _).ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            _server.Prepared.TryRecall(target, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
