// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.LoadGenerator;

const string Usage = """
    usage: tl-load --network DIR --pids P1,P2,… [--senders N] [--settle-seconds S]
        [--light-seconds S] [--full-seconds S]
           tl-load --bridge N --network DIR --operations URL1,URL2,…
           tl-load --verify-cost

    Loads the development network of DIR (made by tl devnet create) and prints what was measured.
    """;

if (args is ["--verify-cost"])
{
    string cost = VerifyCost.Measure().TotalMicroseconds.ToString("F1", CultureInfo.InvariantCulture);
    Console.WriteLine($"verify cost {cost} µs");
    return 0;
}

if (args is ["--bridge", string count, "--network", string folder, "--operations", string addresses])
{
    using var bridge = new BridgeBench(
        Path.GetFullPath(folder), [.. addresses.Split(',').Select(static address => new Uri(address))],
        int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture));
    return await bridge.RunAsync();
}

var options = LoadOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

return await Bench.RunAsync(options);
