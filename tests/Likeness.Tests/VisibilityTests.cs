using static Likeness.Tests.BookOfTests;

namespace Likeness.Tests;

[Trait("Requirement", "X84-52")]
public sealed class VisibilityTests
{
    [Theory]
    [InlineData(AccessModel.Open, AccessModel.Open, Visibility.Public)]
    [InlineData(AccessModel.Open, AccessModel.Presence, Visibility.Contacts)]
    [InlineData(AccessModel.Roster, AccessModel.Open, Visibility.Contacts)]
    [InlineData(AccessModel.Whitelist, AccessModel.Presence, Visibility.Nobody)]
    [InlineData(AccessModel.Open, AccessModel.Whitelist, Visibility.Nobody)]
    public void The_stricter_of_the_two_nodes_rules(AccessModel data, AccessModel metadata, Visibility expected)
    {
        var portrait = new Portrait { Identity = Juliet, DataAccess = data, MetadataAccess = metadata };

        portrait.VisibilityOr(Visibility.Public).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, AccessModel.Open, Visibility.Contacts)]
    [InlineData(AccessModel.Whitelist, null, Visibility.Nobody)]
    [InlineData(null, null, Visibility.Contacts)]
    public void A_node_that_does_not_exist_counts_as_the_domains_default(AccessModel? data, AccessModel? metadata, Visibility expected)
    {
        var test = new BookOfTests(Visibility.Contacts);

        test.Book.VisibilityOf(new Portrait { Identity = Juliet, DataAccess = data, MetadataAccess = metadata }).ShouldBe(expected);
    }

    [Theory]
    [InlineData(Visibility.Public, AccessModel.Open)]
    [InlineData(Visibility.Contacts, AccessModel.Presence)]
    [InlineData(Visibility.Nobody, AccessModel.Whitelist)]
    public async Task Choosing_a_visibility_sets_both_nodes(Visibility visibility, AccessModel expected)
    {
        var test = new BookOfTests();

        var portrait = await test.Book.SetVisibility(Juliet, visibility, new(Origin.Api));

        portrait.DataAccess.ShouldBe(expected);
        portrait.MetadataAccess.ShouldBe(expected);
        test.Book.VisibilityOf(portrait).ShouldBe(visibility);
        test.Events.ShouldHaveSingleItem().AccessChanged.ShouldBeTrue();
        test.Events[0].PictureChanged.ShouldBeFalse();
    }

    [Fact]
    public async Task The_first_picture_creates_the_nodes_with_the_domains_default()
    {
        var test = new BookOfTests(Visibility.Contacts);

        var portrait = await test.Set(Red);

        portrait.DataAccess.ShouldBe(AccessModel.Presence);
        portrait.MetadataAccess.ShouldBe(AccessModel.Presence);
    }

    [Fact]
    public async Task A_new_picture_keeps_the_access_its_owner_chose()
    {
        var test = new BookOfTests();
        await test.Book.SetAccess(Juliet, AvatarNode.Data, AccessModel.Whitelist, new(Origin.Pep));

        var portrait = await test.Set(Red);

        portrait.DataAccess.ShouldBe(AccessModel.Whitelist);
        test.Book.VisibilityOf(portrait).ShouldBe(Visibility.Nobody);
    }

    [Fact]
    public async Task The_visibility_there_is_writes_nothing()
    {
        var test = new BookOfTests();
        await test.Book.SetVisibility(Juliet, Visibility.Contacts, new(Origin.Api));

        await test.Book.SetAccess(Juliet, AvatarNode.Data, AccessModel.Presence, new(Origin.Pep));
        await test.Book.SetAccess(Juliet, AvatarNode.Metadata, AccessModel.Open, new(Origin.Pep), keep: true);

        test.Store.Saved.Count.ShouldBe(1);
        test.Events.Count.ShouldBe(1);
    }
}
