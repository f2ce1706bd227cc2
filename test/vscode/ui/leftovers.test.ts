import { failOnLeftovers } from '../../engine/support/leftovers';

failOnLeftovers();
