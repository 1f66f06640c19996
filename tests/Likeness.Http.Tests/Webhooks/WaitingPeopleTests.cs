using Likeness.Http.Tests.Hosting;
using Likeness.Http.Webhooks;

namespace Likeness.Http.Tests.Webhooks;

public sealed class WaitingPeopleTests
{
    private readonly ManualClock _clock = new();
    private readonly WaitingPeople _waiting;

    public WaitingPeopleTests() => _waiting = new WaitingPeople(_clock);

    [Fact]
    public void Each_is_taken_once_in_the_order_of_its_time()
    {
        _waiting.Add(Person(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _waiting.Add(Person(2));
        _waiting.Add(Person(1));

        Take().ShouldBe(Person(1));
        Take().ShouldBe(Person(2));
        Take().ShouldBeNull();
    }

    [Fact]
    public void Who_was_put_back_and_changed_meanwhile_waits_for_the_next_try_and_comes_once()
    {
        _waiting.Add(Person(1));
        _waiting.TryTake(default, out var taken, out _).ShouldBeTrue();
        _waiting.Add(Person(1));
        _waiting.PutBack(taken! with { Failures = 1, Due = _clock.GetUtcNow() + TimeSpan.FromMinutes(1) });

        _waiting.TryTake(default, out _, out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Take().ShouldBe(Person(1));
        Take().ShouldBeNull();
    }

    [Fact]
    public void Of_too_many_only_that_there_were_more_is_remembered_and_told_when_there_is_room()
    {
        for (var number = 0; number <= WaitingPeople.Most; number++)
        {
            _waiting.Add(Person(number));
        }

        _waiting.Count.ShouldBe(WaitingPeople.Most);
        _waiting.TakeOverflow().ShouldBeFalse("there is no room yet");
        while (_waiting.Count > WaitingPeople.Most / 2)
        {
            Take();
        }

        _waiting.TakeOverflow().ShouldBeTrue();
        _waiting.TakeOverflow().ShouldBeFalse();
    }

    private static Identity Person(int number) => new($"person{number}@example.org");

    private Identity? Take() => _waiting.TryTake(default, out var person, out _) ? person.Person : null;
}
