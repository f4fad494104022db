// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TLCodes} from "./TLCodes.sol";
import {TLEligibility} from "./TLEligibility.sol";
import {TLPolicy} from "./TLPolicy.sol";

/// @title The rule that whoever is not denied may hold, for assets whose law allows that.
/// @author TokenLedger
/// @notice It holds nothing and decides nothing of its own; any number of tokens may point at it.
contract TLDenylist is TLPolicy {
    /// @notice Whom it asks.
    TLEligibility public immutable eligibility;

    /// @notice There is no register at the address.
    error NoRegister();

    /// @notice Points at a register.
    /// @param eligibility_ The register.
    constructor(TLEligibility eligibility_) {
        if (address(eligibility_).code.length == 0) revert NoRegister();
        eligibility = eligibility_;
    }

    /// @inheritdoc TLPolicy
    function check(address from, address to, uint256) external view returns (uint8 code) {
        if (from != address(0) && eligibility.isDenied(from)) return TLCodes.SENDER;
        return eligibility.isDenied(to) ? TLCodes.RECEIVER : TLCodes.OK;
    }
}
