using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Http.Tests.Uploads;

[Trait("Requirement", "X84-5")]
public sealed class PortraitLinksTests
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private readonly Changes _changes = new();

    [Theory]
    [InlineData("https://avatars.example.org", "https://avatars.example.org/p/")]
    [InlineData("https://example.org:8443/faces/", "https://example.org:8443/faces/p/")]
    public async Task An_upload_links_to_its_master(string publicUrl, string start)
    {
        var stage = Stage(new Uri(publicUrl));

        var portrait = await stage.Set(new(Origin.Api));

        var (link, master) = (portrait.Links.ShouldHaveSingleItem(), portrait.Master!);
        link.ShouldBe(new PictureLink($"{start}{master.Id}/1024.png", master.Id.Hex, "image/png", master.Length, 1024, 1024));
        link.Id.ShouldNotBe(portrait.Picture!.Id.Hex);
    }

    [Fact]
    public async Task The_same_picture_again_writes_and_tells_nothing()
    {
        var stage = Stage(new Uri("https://avatars.example.org"));
        var first = await stage.Set(new(Origin.Api));

        var second = await stage.Set(new(Origin.Command));

        second.ShouldBeSameAs(first);
        _changes.Count.ShouldBe(1);
        (await stage.Book.Find(Juliet)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_public_URL_or_where_the_domain_wants_none_there_is_no_link()
    {
        (await Stage(null).Set(new(Origin.Api))).Links.ShouldBeEmpty();
        (await Stage(new Uri("https://avatars.example.org"), links: false).Set(new(Origin.Api))).Links.ShouldBeEmpty();
    }

    private Uploads Stage(Uri? publicUrl, bool links = true)
    {
        var policies = new DomainPolicies([new DomainPolicy { Domain = "example.org", PictureLinks = links }]);
        var book = new PortraitBook(new MemoryPortraits(), policies, TimeProvider.System, NullLogger<PortraitBook>.Instance);
        book.Subscribe(_changes);
        return new Uploads(new PortraitUpload(new ImageGate(ImageLimits.Default), new RenderQueue(new EchoRenderer(), new AvatarOptions(), TimeProvider.System), new PortraitLinks(publicUrl, policies)), book);
    }

    private sealed record Uploads(PortraitUpload Upload, PortraitBook Book)
    {
        public async Task<Portrait> Set(Cause cause) => await Book.Set(Juliet, await Upload.Make(Juliet, Pngs.Tiny(1), keepNormal: false), cause);
    }

    private sealed class Changes : IPortraitListener
    {
        public int Count { get; private set; }

        public void OnPortraitChanged(PortraitChanged change) => Count++;
    }
}
