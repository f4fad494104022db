// SPDX-License-Identifier: Apache-2.0
#if PLANTED
namespace TokenLedger.Core;

/// <summary>
/// Which planted bug this process has. Only a build with <c>-p:Planted=true</c> contains it, and no program
/// of a network can be built so (src/Directory.Build.props).
/// </summary>
public static class Planted
{
    private static PlantedBug _chosen;

    /// <summary>Whether this process has the bug.</summary>
    public static bool Is(PlantedBug bug) => _chosen == bug;

    /// <summary>Chooses the bug, or none in its place, while nothing runs.</summary>
    public static void Choose(PlantedBug bug)
    {
        Invariant.Require(
            _chosen == PlantedBug.None || bug == PlantedBug.None, "a process has one planted bug at a time");
        _chosen = bug;
    }
}
#endif
