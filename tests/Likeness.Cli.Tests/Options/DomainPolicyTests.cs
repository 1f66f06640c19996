using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

public sealed class DomainPolicyTests : IDisposable
{
    private static readonly LikenessOptions Start = new() { DataDirectory = "/data" };
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    [Trait("Requirement", "L-32")]
    [Trait("Requirement", "L-44")]
    [Trait("Requirement", "L-60")]
    public void Each_domain_has_its_own_web_side()
    {
        var image = _directory.Write("club.png", TestPicture.Png());
        var policies = Read($$"""
            {
              "domain": ["example.org", "club.example"],
              "default-image": ["club={{image}}"],
              "md5": false,
              "policies": {
                "club.example": {
                  "default-face": "club", "default-size": 128, "largest-size": 1024, "md5": "yes", "gravatar": "proxy",
                  "web-host": ["Avatars.club.example", "bücher.example"], "trusted-defaults": ["https://cdn.club.example/x/", "*.example.com"],
                  "picture-links": "no", "default-cache-seconds": 60
                }
              }
            }
            """).DomainPolicies();

        var club = policies.For("club.example");
        (club.DefaultFace, club.Sizes.Default, club.Sizes.Largest, club.Md5).ShouldBe(("club", 128, 1024, true));
        (club.Gravatar, club.PictureLinks, club.CacheSeconds, club.DefaultCacheSeconds).ShouldBe((GravatarMode.Proxy, false, 300, 60));
        club.WebHosts.ShouldBe(["avatars.club.example", "xn--bcher-kva.example"]);
        club.TrustedDefaults.Select(entry => (entry.Host, entry.Below, entry.Path)).ShouldBe([("cdn.club.example", false, "/x/"), ("example.com", true, "/")]);
        policies.ForHost("xn--bcher-kva.example").ShouldBeSameAs(club);

        var other = policies.For("example.org");
        (other.DefaultFace, other.Sizes.Largest, other.Md5, other.Gravatar).ShouldBe(("mm", 512, false, GravatarMode.Off));
        other.TrustedDefaults.ShouldBeEmpty();
    }

    [Fact]
    public void Everything_that_is_wrong_with_the_domains_is_told_at_once()
    {
        var refused = Should.Throw<OptionsRefusedException>(() => Read("""
            {
              "domain": ["example.org", "example.net"],
              "default-face": "unicorn",
              "largest-size": 100,
              "default-image": ["mm=x.png", "no file", "a=/nowhere"],
              "public-url": "http://example.org",
              "policies": {
                "example.net": { "default-face": "nobody", "default-size": 600, "web-host": "example.org", "trusted-defaults": ["ftp://x"], "gravatar": "yes" },
                "example.com": { "md5": "no" }
              }
            }
            """));

        refused.Problems.Select(problem => problem.Key).ShouldBe(
        [
            "default-face", "policies.example.net.default-face", "policies.example.net.default-size", "largest-size", "default-image", "public-url",
            "web-host", "policies.example.net.trusted-defaults", "policies.example.net.gravatar", "policies.example.com",
            "policies.example.com.default-face",
        ], ignoreOrder: true);
        refused.Problems.ShouldAllBe(problem => problem.Example.Length > 0 && problem.Text.Length > 0);
    }

    [Theory]
    [InlineData("https://avatars.example.org", true)]
    [InlineData("https://example.org:8443/avatars/", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://example.org", false)]
    [InlineData("https://user@example.org", false)]
    [InlineData("https://example.org/?x", false)]
    [InlineData("avatars.example.org", false)]
    [InlineData("/avatars", false)]
    public void The_public_URL_is_https_or_on_loopback(string url, bool accepted)
    {
        var read = () => Read($$"""{ "public-url": "{{url}}" }""");

        if (accepted)
        {
            read().PublicUrl.ShouldBe(new Uri(url));
        }
        else
        {
            Should.Throw<OptionsRefusedException>(() => read()).Problems.ShouldHaveSingleItem().Key.ShouldBe("public-url");
        }
    }

    [Fact]
    public void A_host_said_for_all_domains_alike_belongs_to_none() =>
        Should.Throw<OptionsRefusedException>(() => Read("""{ "domain": ["example.org", "example.net"], "web-host": ["faces.example"] }"""))
            .Problems.ShouldHaveSingleItem().Key.ShouldBe("web-host");

    private LikenessOptions Read(string text) => OptionReader.Read(Start, OptionFile.Read(_directory.Write(OptionFile.Name, text)));
}
