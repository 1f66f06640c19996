using static Likeness.Tests.BookOfTests;

namespace Likeness.Tests;

public sealed class BlockedPictureTests
{
    private readonly Guard _guard = new();
    private readonly BookOfTests _test;

    public BlockedPictureTests() => _test = new BookOfTests(_guard);

    [Theory]
    [InlineData(Origin.Pep)]
    [InlineData(Origin.Web)]
    [InlineData(Origin.Command)]
    public async Task A_blocked_picture_is_refused_from_everywhere(Origin origin)
    {
        _guard.Block(Red.Id);

        (await Should.ThrowAsync<PictureBlockedException>(() => _test.Set(Red, origin).AsTask())).Message.ShouldBe("This picture is blocked by the operator: spam");
        await Should.ThrowAsync<PictureBlockedException>(() => _test.Book.SaveDraft(Juliet, Red, _test.Now).AsTask());
        _test.Store.Saved.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_blocked_is_refused_whatever_was_made_of_it()
    {
        _guard.Block(Blue.Id);

        await Should.ThrowAsync<PictureBlockedException>(
            () => _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Uploaded = Blue.Id }, new(Origin.Api)).AsTask());
    }

    [Fact]
    public async Task A_draft_that_was_blocked_since_is_not_served()
    {
        await _test.Book.SaveDraft(Juliet, Red, _test.Now);
        _guard.Block(Red.Id);

        (await _test.Book.FindDraft(Juliet, Red.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_picture_is_taken_away_from_who_shows_it_only()
    {
        await _test.Set(Red);

        (await _test.Book.TakeAway(Juliet, Blue.Id, new(Origin.Command))).ShouldBeFalse();
        (await _test.Book.TakeAway(Juliet, Red.Id, new(Origin.Command))).ShouldBeTrue();

        (await _test.Book.Find(Juliet)).Picture.ShouldBeNull();
        _test.Events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_picture_blocked_while_it_is_being_stored_does_not_stay()
    {
        _test.Store.BeforeSave = () =>
        {
            _test.Store.BeforeSave = () => Task.CompletedTask;
            _guard.Block(Red.Id);
            return Task.CompletedTask;
        };

        await Should.ThrowAsync<PictureBlockedException>(() => _test.Set(Red, Origin.Web).AsTask());

        (await _test.Book.Find(Juliet)).Picture.ShouldBeNull();
    }

    [Fact]
    public async Task A_blocked_picture_that_is_replaced_leaves_no_draft()
    {
        await _test.Set(Red);
        _guard.Block(Red.Id);

        await _test.Set(Blue);

        _test.Store.Drafts.ShouldBeEmpty();
    }

    private sealed class Guard : IPictureGuard
    {
        private readonly Dictionary<PictureId, PictureBlock> _blocks = [];

        public long Version => _blocks.Count;

        public void Block(PictureId id) => _blocks[id] = new PictureBlock(id, id, null, "spam", default);

        public PictureBlock? Find(PictureId id) => _blocks.GetValueOrDefault(id);

        public ValueTask<PictureBlock?> Find(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken = default) =>
            new(pictures.Select(picture => picture.Id).Append(uploaded ?? default).Select(Find).FirstOrDefault(block => block is not null));
    }
}
