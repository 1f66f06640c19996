using Likeness.Accounts;

namespace Likeness.Tests.Accounts;

public sealed class ChosenNamesTests
{
    [Theory]
    [InlineData("juliet")]
    [InlineData("admiral")]
    [InlineData("j.capulet-2")]
    [InlineData("zoë")]
    [InlineData("дмитрий")]
    [InlineData("νικόλαος")]
    [InlineData("雪子")]
    [InlineData("雪子yuki")]
    [InlineData("1984")]
    public void Names_of_people_are_taken(string name) => ChosenNames.FaultIn(name).ShouldBeNull();

    [Theory]
    [InlineData("admin")]
    [InlineData("adm1n")]
    [InlineData("r00t")]
    [InlineData("post-master")]
    [InlineData("_support_")]
    [InlineData("no.reply")]
    public void Names_of_offices_are_not_people_s(string name) => ChosenNames.FaultIn(name).ShouldNotBeNull().ShouldContain("run the server");

    [Theory]
    [InlineData("jυliet")]
    [InlineData("rоmeo")]
    [InlineData("сосо")]
    [InlineData("ароро")]
    [InlineData("օսո")]
    public void Names_that_look_like_others_are_refused(string name) => ChosenNames.FaultIn(name).ShouldNotBeNull().ShouldContain("one alphabet");
}
