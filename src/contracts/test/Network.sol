// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Config, Deployment, Wiring} from "../script/Wiring.sol";

/// @title A deployer of its own, so that no test carries the code of all contracts.
contract Network is Wiring {
    function deploy(Config memory config) external returns (Deployment memory) {
        return _deploy(config, address(this));
    }

    function check(Config memory config, address deployer) external pure {
        _checkConfig(config, deployer);
    }

    function checkDeployment(Deployment memory d, Config memory config, address deployer) external view {
        _checkDeployment(d, config, deployer);
    }
}
