using Likeness.Bench.Xmpp.Results;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>One kind of load on one freshly started server.</summary>
interface IScenario
{
    string Name { get; }

    string Unit { get; }

    /// <summary>Memory: the smaller figure wins.</summary>
    bool LessIsBetter => false;

    Task<Measurement> Run(Stage stage);
}
