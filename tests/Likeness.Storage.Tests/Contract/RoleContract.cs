using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-70")]
public abstract class RoleContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task A_role_is_kept_as_it_was_given_one_for_each_domain_and_one_for_all()
    {
        var (everywhere, here, there) = (Of(Juliet, Role.Operator, null), Of(Juliet, Role.Moderator, "example.org"), Of(Romeo, Role.Administrator, "club.net"));
        foreach (var role in new[] { here, there, everywhere })
        {
            (await Stores.Roles.Give(role)).ShouldBeTrue();
        }

        await Reopen();
        (await Stores.Roles.Of(Juliet)).ShouldBe([everywhere, here]);
        (await Stores.Roles.List()).ShouldBe([everywhere, here, there]);

        await Stores.Roles.Give(here with { Role = Role.Administrator, By = "friar" });
        (await Stores.Roles.Of(Juliet)).ShouldBe([everywhere, here with { Role = Role.Administrator, By = "friar" }]);
    }

    [Fact]
    public async Task It_is_taken_back_where_it_was_given_and_nowhere_else()
    {
        await Stores.Roles.Give(Of(Juliet, Role.Operator, null));
        await Stores.Roles.Give(Of(Juliet, Role.Administrator, "example.org"));
        (await Stores.Roles.Take(Romeo, null)).ShouldBeFalse();
        (await Stores.Roles.Take(Juliet, "club.net")).ShouldBeFalse();
        (await Stores.Roles.Take(Juliet, null)).ShouldBeTrue();
        (await Stores.Roles.Of(Juliet)).Select(role => role.Domain).ShouldBe(["example.org"]);
    }

    [Fact]
    public async Task Nobody_who_is_not_there_holds_one_and_the_next_owner_of_a_name_inherits_none()
    {
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Roles.Give(Of(new Identity("tybalt@example.org"), Role.Operator, null)));
        await Stores.Roles.Give(Of(Juliet, Role.Operator, null));
        await Stores.Accounts.Remove(Juliet);
        await Register(Juliet);
        (await Stores.Roles.Of(Juliet)).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_more_are_given_than_may_be()
    {
        for (var number = 0; number < IRoleStore.MaxRoles; number++)
        {
            await Stores.Roles.Give(Of(Juliet, Role.Moderator, $"d{number}.example"));
        }

        (await Stores.Roles.Give(Of(Romeo, Role.Operator, null))).ShouldBeFalse();
        (await Stores.Roles.Give(Of(Juliet, Role.Administrator, "d7.example"))).ShouldBeTrue("it is another one in its place");
    }

    private static HeldRole Of(Identity account, Role role, string? domain) => new(account, role, domain, "root", Noon);
}

public sealed class Roles_in_SQLite() : RoleContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Roles_in_PostgreSQL(PostgreSqlServer server) : RoleContract(new PostgreSqlDatabase(server));
