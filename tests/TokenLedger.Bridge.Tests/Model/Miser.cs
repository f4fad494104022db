// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Remote;

namespace TokenLedger.Bridge.Tests.Model;

/// <summary>A provider that gives one event at once, and few answers a look.</summary>
internal static class Miser
{
    private const int MostLooks = 40;

    /// <summary>Looks until a look succeeds.</summary>
    public static async Task<LaneReading> ReadAsync(World world, Func<Task<LaneReading>> read, int answers)
    {
        int left = 0;
        world.Chain.LieOfFacts = facts =>
            facts.Length <= 1 && left-- > 0 ? facts : throw new RemoteFaultException("too much");
        for (int looks = 1; ; looks++)
        {
            left = answers;
            try
            {
                return await read();
            }
            catch (RemoteFaultException) when (looks < MostLooks)
            {
            }
        }
    }
}
