using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.Extensions.DependencyInjection;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

[Trait("Requirement", "L-106")]
public sealed class AddressPictureTests : IAsyncLifetime
{
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private readonly NothingShown _album = new();
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await Start(with: services => services
        .AddSingleton<IPortraitMaker, NoMaker>()
        .AddSingleton(provider => new PictureAlbum(_album, provider.GetRequiredService<PortraitBook>(), provider.GetRequiredService<IPortraitMaker>(), TimeProvider.System)));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Of_who_shows_one_picture_everywhere_nothing_more_is_looked_up()
    {
        await _server.Give(Juliet, "a rose");
        foreach (var size in new[] { 10, 20, 30 })
        {
            (await _server.Get($"{_juliet}?s={size}")).Body.ShouldBe(Photo(size, ImageFormat.Jpeg));
        }

        _album.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Of_who_shows_another_one_at_some_address_it_is_asked_which()
    {
        await _server.Store.Save(new PortraitWrite(new Portrait { Identity = new Identity(Juliet), Picture = Picture.Of("a rose"u8.ToArray(), "image/jpeg", 9, 9).Info, HasAddressPictures = true }));
        (await _server.Get(_juliet))["X-Avatar-Source"].ShouldBe("default");
        _album.Asked.ShouldBe(1);
    }

    /// <summary>Every address that it is asked about shows nothing.</summary>
    private sealed class NothingShown : IAlbumStore
    {
        public int Asked { get; private set; }

        public ValueTask<AddressPicture?> ShownAt(Identity person, AddressHash hash, CancellationToken cancellationToken = default)
        {
            Asked++;
            return new(new AddressPicture(null, default));
        }

        public ValueTask<Album> Find(Identity person, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<bool> Keep(Identity person, AlbumPicture kept, IReadOnlyList<Picture> pictures, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask PutAway(Identity person, Picture picture, Origin origin, DateTimeOffset now, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<bool> Describe(Identity person, PictureId source, string? name, string? alt, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<bool> Remove(Identity person, PictureId source, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<bool> Choose(Identity person, string address, AddressChoice? choice, DateTimeOffset now, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask SetKeepsEarlier(Identity person, bool keeps, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Identity>> RemoveEverywhere(PictureId picture, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<int> DropEarlier(DateTimeOffset before, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class NoMaker : IPortraitMaker
    {
        public Task<NewPortrait> Make(Identity owner, ReadOnlyMemory<byte> file, bool keepNormal, PictureCrop? crop = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public System.Collections.Immutable.ImmutableArray<PictureLink> LinksTo(Identity owner, PictureInfo master) => throw new NotSupportedException();
    }
}
