using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Libravatar;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

/// <summary>Table 2.3 with a portrait that the domain shows for everybody else.</summary>
public sealed class DecisionOrderTests : IAsyncLifetime
{
    private const string Club = "club@example.org";
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private readonly string _nobody = $"/avatar/{HashOf("nobody@example.org")}";
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start(policy: new DomainPolicy { Domain = "example.org", CatchAll = Address.Email(Club) });
        await _server.Give(Juliet, "a rose");
        await _server.Give(Club, "a flag");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    [Trait("Requirement", "L-43")]
    public async Task A_forced_default_is_neither_a_persons_picture_nor_the_catch_all()
    {
        (await _server.Get(_nobody)).Body.ShouldBe(Photo(80, ImageFormat.Jpeg, "a flag"));
        (await _server.Get(_nobody + "?f=y")).Body.ShouldBe(Face("mm", "", 80));
        (await _server.Get(_juliet + "?f=y")).Body.ShouldBe(Face("mm", "", 80));
    }

    [Fact]
    [Trait("Requirement", "C-223")]
    public async Task Somebody_who_hides_the_portrait_looks_like_an_unknown_person()
    {
        (await _server.Get(_juliet)).Body.ShouldBe(Photo(80, ImageFormat.Jpeg));

        await _server.Book.SetVisibility(new Identity(Juliet), Visibility.Nobody, new(Origin.Api));

        (await _server.Get(_juliet)).Comparable().ShouldBe((await _server.Get(_nobody)).Comparable());
    }

    [Fact]
    [Trait("Requirement", "L-5B")]
    public async Task Every_portrait_that_decided_is_noticed_when_it_changes()
    {
        await _server.Book.SetVisibility(new Identity(Juliet), Visibility.Nobody, new(Origin.Api));
        for (var round = 0; round < 3; round++)
        {
            (await _server.Get(_juliet)).Body.ShouldBe(Photo(80, ImageFormat.Jpeg, "a flag"));
        }

        await _server.Give(Club, "another flag");
        for (var round = 0; round < 3; round++)
        {
            (await _server.Get(_juliet)).Body.ShouldBe(Photo(80, ImageFormat.Jpeg, "another flag"));
        }

        await _server.Book.SetVisibility(new Identity(Juliet), Visibility.Public, new(Origin.Api));
        (await _server.Get(_juliet)).Body.ShouldBe(Photo(80, ImageFormat.Jpeg));
    }
}
