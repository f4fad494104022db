// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Fuzzing;

return CommandLine.Run(args, Console.Out);
