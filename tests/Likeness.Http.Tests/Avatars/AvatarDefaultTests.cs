using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

public sealed class AvatarDefaultTests : IAsyncLifetime
{
    private const string Nobody = "0123456789abcdef0123456789abcdef";
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start();
        await _server.Give(Juliet, "a rose");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [Trait("Requirement", "L-42")]
    [Trait("Requirement", "L-58")]
    [InlineData("", "mm")]
    [InlineData("?d=", "mm")]
    [InlineData("?d=unicorn", "mm")]
    [InlineData("?d=MM", "mm")]
    [InlineData("?d=mm", "mm")]
    [InlineData("?d=mp", "mm")]
    [InlineData("?d=blank", "blank")]
    [InlineData("?default=blank&d=404", "blank")]
    [InlineData("?d=robohash%00", "mm")]
    public async Task Unknown_people_get_the_face_of_the_table(string query, string face)
    {
        var answer = await _server.Get($"/avatar/{Nobody}{query}");

        answer.Status.ShouldBe(200);
        answer["Content-Type"].ShouldBe("image/png");
        answer["X-Avatar-Source"].ShouldBe("default");
        answer.Body.ShouldBe(Face(face, "", 80));
    }

    [Theory]
    [Trait("Requirement", "L-40")]
    [InlineData("mmng")]
    [InlineData("identicon")]
    [InlineData("retro")]
    [InlineData("monsterid")]
    [InlineData("wavatar")]
    [InlineData("robohash")]
    [InlineData("pagan")]
    [InlineData("initials")]
    [InlineData("color")]
    public async Task Everybody_has_a_face_of_their_own(string face)
    {
        var answer = await _server.Get($"/avatar/{Nobody}?d={face}");

        answer.Body.ShouldBe(Face(face, Nobody, 80));
    }

    [Fact]
    [Trait("Requirement", "L-40")]
    public async Task An_identicon_is_drawn_from_the_lower_case_hash()
    {
        var lower = await _server.Get($"/avatar/{Nobody}?d=identicon&s=64");
        var upper = await _server.Get($"/avatar/{Nobody.ToUpperInvariant()}.webp?d=identicon&s=64");

        lower.Body.ShouldBe(Face("identicon", Nobody, 64));
        upper.Body.ShouldBe(Face("identicon", Nobody, 64, ImageFormat.WebP));
    }

    [Theory]
    [Trait("Requirement", "L-24")]
    [InlineData("?d=initials&initials=ak", "initials", "AK")]
    [InlineData("?d=initials&name=Ada+King+Lovelace", "initials", "AL")]
    [InlineData("?d=initials&name=Ada&initials=%20!x9z7", "initials", "X9Z")]
    [InlineData("?d=initials&initials=%3Cscript%3E", "initials", "SCR")]
    [InlineData("?d=initials&initials=a%CC%81%CC%81%CC%81%CC%81%CC%81%CC%81b", "initials", "B")]
    [InlineData("?d=initials", "initials", null)]
    [InlineData("?d=color&initials=ak", "color", null)]
    [InlineData("?d=robohash&robohash=set3&initials=ak", "robohash", null)]
    public async Task Faces_with_letters_show_those_of_the_request(string query, string face, string? letters)
    {
        var answer = await _server.Get($"/avatar/{Nobody}{query}");

        answer.Status.ShouldBe(200);
        answer.Body.ShouldBe(EchoRenderer.Text(RenderJob.Face, FaceCatalogue.Find(face)!.Draw(new FaceSubject(Nobody, letters)), 80, ImageFormat.Png));
    }

    [Fact]
    public async Task Who_shows_a_portrait_has_the_colour_that_chats_give_the_address()
    {
        var answer = await _server.Get($"{_juliet}?d=initials&initials=jc&f=y");

        answer.Body.ShouldBe(EchoRenderer.Text(RenderJob.Face, Initials(Juliet), 80, ImageFormat.Png));
    }

    [Theory]
    [Trait("Requirement", "C-223")]
    [InlineData("initials", false, "")]
    [InlineData("initials", true, "")]
    [InlineData("color", false, "&f=y")]
    [InlineData("color", true, "&f=y")]
    public async Task No_face_tells_that_somebody_without_a_portrait_or_who_hides_it_is_known(string face, bool hides, string more)
    {
        if (hides)
        {
            await _server.Book.SetVisibility(new Identity(Juliet), Visibility.Contacts, new(Origin.Command));
        }
        else
        {
            await _server.Book.Clear(new Identity(Juliet), new(Origin.Command));
        }

        var answer = await _server.Get($"{_juliet}?d={face}{more}");

        answer.Body.ShouldBe(Face(face, HashOf(Juliet), 80));
    }

    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task Letters_that_no_face_shows_make_no_picture_of_their_own()
    {
        for (var number = 0; number < 20; number++)
        {
            await _server.Get($"/avatar/{Nobody}?d=identicon&initials=x{number}&name=y{number}&robohash=set{number}");
        }

        _server.Renderer.Count.ShouldBe(1);
    }

    [Theory]
    [Trait("Requirement", "L-44")]
    [Trait("Requirement", "L-45")]
    [InlineData("//evil.example/x")]
    [InlineData("/%5Cevil.example")]
    [InlineData("https:evil.example")]
    [InlineData("https://good.example@evil.example/")]
    [InlineData("https%3A%2F%2Fevil.example%2F")]
    [InlineData("HTTPS://evil.example/")]
    [InlineData("x%0d%0aLocation:%20https://evil.example")]
    [InlineData("%252f%252fevil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("/x")]
    public async Task No_URL_leads_away(string url)
    {
        var answer = await _server.Get($"/avatar/{Nobody}?d={url}");

        answer.Status.ShouldBe(200);
        answer.Headers.ShouldNotContainKey("Location");
        answer.Body.ShouldBe(Face("mm", "", 80));
    }

    [Fact]
    [Trait("Requirement", "L-52")]
    [Trait("Requirement", "L-59")]
    public async Task A_default_has_validators_and_another_face_has_others()
    {
        await using var other = await Start(policy: new DomainPolicy { Domain = "example.org", DefaultFace = "blank" });
        var first = await _server.Get($"/avatar/{Nobody}");
        var second = await other.Get($"/avatar/{Nobody}");

        foreach (var header in new[] { $"If-None-Match: {first["ETag"]}", $"If-Modified-Since: {first["Last-Modified"]}" })
        {
            var answer = await _server.Get($"/avatar/{Nobody}", header);
            answer.Status.ShouldBe(304);
            answer["Cache-Control"].ShouldBe("public, max-age=300");
            (await other.Get($"/avatar/{Nobody}", header)).Status.ShouldBe(200, "the operator chose another face");
        }

        second["Last-Modified"].ShouldNotBe(first["Last-Modified"]);
    }

    [Fact]
    [Trait("Requirement", "L-59")]
    public async Task A_404_is_short_text_and_cacheable()
    {
        var answer = await _server.Get($"/avatar/{Nobody}?d=404");

        answer.Status.ShouldBe(404);
        answer["Content-Type"].ShouldBe("text/plain; charset=utf-8");
        answer["Cache-Control"].ShouldBe("public, max-age=300");
        answer.Body.Length.ShouldBeInRange(1, 100);
    }

    [Theory]
    [Trait("Requirement", "L-43")]
    [InlineData("?f=y", "mm")]
    [InlineData("?forcedefault=y&d=identicon", "identicon")]
    [InlineData("?f=y&d=404", null)]
    [InlineData("?f=Y", "")]
    [InlineData("?f=1", "")]
    public async Task A_forced_default_hides_the_photo(string query, string? face)
    {
        var answer = await _server.Get(_juliet + query);

        answer.Status.ShouldBe(face is null ? 404 : 200);
        if (face is not null)
        {
            answer.Body.ShouldBe(face switch
            {
                "" => Photo(80, ImageFormat.Jpeg),
                "identicon" => Face(face, HashOf(Juliet), 80),
                _ => Face(face, "", 80),
            });
        }
    }

    [Fact]
    [Trait("Requirement", "L-42")]
    public async Task The_operator_chooses_the_site_default()
    {
        await using var server = await Start(policy: new DomainPolicy { Domain = "example.org", DefaultFace = "identicon", CacheSeconds = 7 });

        var answer = await server.Get($"/avatar/{Nobody}");

        answer.Body.ShouldBe(Face("identicon", Nobody, 80));
        answer["Cache-Control"].ShouldBe("public, max-age=7");
    }

    [Fact]
    [Trait("Requirement", "L-42")]
    public async Task A_site_default_nobody_knows_falls_back_to_the_silhouette()
    {
        await using var server = await Start(policy: new DomainPolicy { Domain = "example.org", DefaultFace = "missing" });

        (await server.Get($"/avatar/{Nobody}")).Body.ShouldBe(Face("mm", "", 80));
    }

    [Fact]
    public async Task A_person_who_does_not_show_the_picture_to_everybody_looks_unknown()
    {
        foreach (var visibility in new[] { Visibility.Contacts, Visibility.Nobody })
        {
            await _server.Book.SetVisibility(new Identity(Juliet), visibility, new(Origin.Api));

            var hidden = await _server.Get(_juliet);
            var unknown = await _server.Get($"/avatar/{Nobody}");

            hidden.Comparable().ShouldBe(unknown.Comparable());
            (await _server.Get(_juliet + "?d=404")).Status.ShouldBe(404);
        }

        await _server.Book.SetVisibility(new Identity(Juliet), Visibility.Public, new(Origin.Api));
        (await _server.Get(_juliet)).Body.ShouldBe(Photo(80, ImageFormat.Jpeg));
    }

    private static string Initials(string? address) =>
        FaceCatalogue.Find("initials")!.Draw(new FaceSubject(HashOf(Juliet), "JC", address));
}
