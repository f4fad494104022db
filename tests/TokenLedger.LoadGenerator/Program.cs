// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.LoadGenerator;

const string Usage = """
    usage: tl-load --network DIR --pids P1,P2,… [--senders N] [--settle-seconds S]
        [--light-seconds S] [--full-seconds S]
           tl-load --verify-cost

    Loads the development network of DIR (made by tl devnet create) and prints what was measured.
    """;

if (args is ["--verify-cost"])
{
    string cost = VerifyCost.Measure().TotalMicroseconds.ToString("F1", CultureInfo.InvariantCulture);
    Console.WriteLine($"verify cost {cost} µs");
    return 0;
}

var options = LoadOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

return await Bench.RunAsync(options);
