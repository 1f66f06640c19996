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
        var (upload, _) = Upload(new Uri(publicUrl));

        var portrait = await upload.Set(Juliet, Pngs.Tiny(1), new(Origin.Web));

        var (link, master) = (portrait.Links.ShouldHaveSingleItem(), portrait.Master!);
        link.ShouldBe(new PictureLink($"{start}{master.Id}/1024.png", master.Id.Hex, "image/png", master.Length, 1024, 1024));
        link.Id.ShouldNotBe(portrait.Picture!.Id.Hex);
    }

    [Fact]
    public async Task The_same_picture_again_writes_and_tells_nothing()
    {
        var (upload, book) = Upload(new Uri("https://avatars.example.org"));
        var first = await upload.Set(Juliet, Pngs.Tiny(1), new(Origin.Web));

        var second = await upload.Set(Juliet, Pngs.Tiny(1), new(Origin.Command));

        second.ShouldBeSameAs(first);
        _changes.Count.ShouldBe(1);
        (await book.Find(Juliet)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_public_URL_or_where_the_domain_wants_none_there_is_no_link()
    {
        (await Upload(null).Upload.Set(Juliet, Pngs.Tiny(1), new(Origin.Web))).Links.ShouldBeEmpty();
        (await Upload(new Uri("https://avatars.example.org"), links: false).Upload.Set(Juliet, Pngs.Tiny(1), new(Origin.Web))).Links.ShouldBeEmpty();
    }

    private (PortraitUpload Upload, PortraitBook Book) Upload(Uri? publicUrl, bool links = true)
    {
        var policies = new DomainPolicies([new DomainPolicy { Domain = "example.org", PictureLinks = links }]);
        var book = new PortraitBook(new MemoryPortraits(), policies, TimeProvider.System, NullLogger<PortraitBook>.Instance);
        book.Subscribe(_changes);
        return (new PortraitUpload(book, new ImageGate(ImageLimits.Default), new RenderQueue(new EchoRenderer(), new AvatarOptions(), TimeProvider.System), new PortraitLinks(publicUrl, policies)), book);
    }

    private sealed class Changes : IPortraitListener
    {
        public int Count { get; private set; }

        public void OnPortraitChanged(PortraitChanged change) => Count++;
    }
}
