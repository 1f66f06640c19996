using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Xmpp.Server.Tests.Avatars;

/// <summary>Without any account: whoever asks says how the viewer stands to the owner.</summary>
public sealed class AvatarServiceTests : IAsyncLifetime
{
    private static readonly Identity Room = new("council@rooms.localhost");
    private static readonly Picture Face = Picture.Of(new byte[] { 1, 2, 3 }, "image/png", 96, 96);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("likeness-avatars-");
    private IStores _stores = null!;
    private PortraitBook _book = null!;
    private AvatarService _avatars = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await Database.Open(new StorageOptions { DataDirectory = _directory.FullName });
        var policies = new DomainPolicies([new DomainPolicy { Domain = "localhost" }]);
        _book = new PortraitBook(_stores.Portraits, policies, TimeProvider.System, NullLogger<PortraitBook>.Instance);
        _avatars = new AvatarService(_book);
        await _book.Set(Room, new NewPortrait { Picture = Face }, new(Origin.Api));
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(Visibility.Public, AvatarRelation.Owner, AvatarRelation.Contact, AvatarRelation.Stranger)]
    [InlineData(Visibility.Contacts, AvatarRelation.Owner, AvatarRelation.Contact)]
    [InlineData(Visibility.Nobody, AvatarRelation.Owner)]
    internal async Task Every_form_says_the_same_to_the_same_viewer(Visibility visibility, params AvatarRelation[] seeing)
    {
        await _book.SetVisibility(Room, visibility, new(Origin.Api));
        var views = await _avatars.See(Room);

        foreach (var relation in Enum.GetValues<AvatarRelation>())
        {
            var view = views.For(relation);
            var sees = seeing.Contains(relation);
            view.IsVisible.ShouldBe(sees);
            view.Picture.ShouldBe(sees ? Face.Info : null);
            (await _avatars.Photo(view))?.Id.ShouldBe(Face.Id);
            (await _avatars.Photo(view) is not null).ShouldBe(sees);
            view.Metadata?.Id.ShouldBe(Face.Id.Hex);
            (view.Metadata is not null).ShouldBe(sees);
            view.Stamp.State.ShouldBe(sees ? AvatarState.Image : AvatarState.Undisclosed);
            view.Stamp.Picture.ShouldBe(sees ? Face.Id : null);
        }
    }

    [Fact]
    public async Task The_views_of_a_portrait_stay_the_same_until_it_changes()
    {
        await _book.Announce(Room, new PublishedMetadata("id", "<metadata xmlns='urn:xmpp:avatar:metadata'/>"), AccessModel.Open, new(Origin.Api));
        var views = await _avatars.See(Room);

        var again = _avatars.See(await _book.Find(Room), views);

        again.ShouldBeSameAs(views);
        again.Metadata.ShouldBeSameAs(views.Metadata);
        again.Metadata!.Payload.ShouldBeSameAs(views.Metadata!.Payload);
        await _book.SetVisibility(Room, Visibility.Nobody, new(Origin.Api));
        _avatars.See(await _book.Find(Room), views).ShouldNotBeSameAs(views);
    }

    [Fact]
    public async Task The_data_node_has_the_picture_and_nothing_else()
    {
        var portrait = await _book.Find(Room);

        var item = (await _avatars.Data(portrait, Face.Id)).ShouldNotBeNull();

        ElementWriter.ToText(item.Payload).ShouldBe("<data xmlns='urn:xmpp:avatar:data'>AQID</data>");
        (await _avatars.Data(portrait, PictureId.Of([9]))).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_ever_heard_of_looks_like_somebody_without_a_picture()
    {
        var views = await _avatars.See(new Identity("nobody@localhost"));

        views.For(AvatarRelation.Stranger).Stamp.State.ShouldBe(AvatarState.None);
        views.For(AvatarRelation.Stranger).Metadata.ShouldBeNull();
    }
}
