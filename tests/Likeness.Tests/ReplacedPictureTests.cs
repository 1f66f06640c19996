using static Likeness.Tests.BookOfTests;

namespace Likeness.Tests;

public sealed class ReplacedPictureTests
{
    private readonly BookOfTests _test = new();

    [Fact]
    [Trait("Requirement", "X84-52")]
    public async Task A_replaced_picture_stays_readable_for_ten_minutes()
    {
        await _test.Set(Red);
        await _test.Set(Blue);

        _test.Store.Drafts.ShouldBe([(Red.Id, _test.Now.AddMinutes(10))]);
    }

    [Fact]
    public async Task A_removed_picture_is_gone_at_once()
    {
        await _test.Set(Red);
        await _test.Book.Clear(Juliet, new(Origin.Api));

        _test.Store.Drafts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_sets_the_chat_picture_again_keeps_the_large_original()
    {
        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Master = Blue }, new(Origin.Api));

        await _test.Set(Red, Origin.VCard);
        var portrait = await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Published = new(Red.Id.Hex, "<metadata/>") }, new(Origin.Pep));

        portrait.Master.ShouldBe(Blue.Info);
        _test.Events.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "X84-51")]
    public async Task Nodes_that_do_not_exist_yet_are_created_with_the_access_model_asked_for()
    {
        var portrait = await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Access = AccessModel.Presence }, new(Origin.Pep));

        portrait.DataAccess.ShouldBe(AccessModel.Presence);
        (await _test.Book.Set(Juliet, new NewPortrait { Picture = Blue, Access = AccessModel.Open }, new(Origin.Pep))).MetadataAccess.ShouldBe(AccessModel.Presence);
    }
}
