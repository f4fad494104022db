// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Chaos;

return await CommandLine.RunAsync(args, Console.Out);
