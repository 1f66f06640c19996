using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "U-E")]
public abstract class MessageOfTheDayContract(TestDatabase database) : StoreContract(database)
{
    [Fact]
    public async Task A_domain_has_one_message_until_it_is_removed()
    {
        var first = new MessageOfTheDay("example.org", "1", "Tonight", "The feast begins at eight.", Noon);
        await Stores.MessagesOfTheDay.Save(first);
        await Stores.MessagesOfTheDay.Save(first with { Domain = "example.net", Subject = null });
        await Reopen();
        (await Stores.MessagesOfTheDay.Find("example.org")).ShouldBe(first);

        await Stores.MessagesOfTheDay.Save(first with { Id = "2", Text = "At nine." });
        (await Stores.MessagesOfTheDay.Find("example.org")).ShouldBe(first with { Id = "2", Text = "At nine." });
        (await Stores.MessagesOfTheDay.Remove("example.org")).ShouldBeTrue();
        (await Stores.MessagesOfTheDay.Remove("example.org")).ShouldBeFalse();
        (await Stores.MessagesOfTheDay.Find("example.org")).ShouldBeNull();
        (await Stores.MessagesOfTheDay.Find("example.net"))!.Subject.ShouldBeNull();
    }
}

public sealed class Messages_of_the_day_in_SQLite() : MessageOfTheDayContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Messages_of_the_day_in_PostgreSQL(PostgreSqlServer server) : MessageOfTheDayContract(new PostgreSqlDatabase(server));
